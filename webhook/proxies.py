"""What stands between a client and the application: the path of BASE_URL, and proxies that are trusted."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def mounted(application: "WSGIApplication", path: str) -> "WSGIApplication":
    """The application below a path as well: some proxies take it off the request, some leave it on."""
    rooted = _rooted(application)
    return DispatcherMiddleware(rooted, {path: rooted} if path else {})


def behind(application: "WSGIApplication", proxies: int) -> "WSGIApplication":
    """The application that believes what so many proxies say of the client, and nothing else said there."""
    if not proxies:
        return application
    return ProxyFix(application, x_for=proxies, x_proto=proxies, x_host=proxies, x_prefix=proxies)


def _rooted(application: "WSGIApplication") -> "WSGIApplication":
    """The path of the mount itself is the index; Flask would redirect, to whatever Host was sent."""

    def rooted(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        environ["PATH_INFO"] = environ["PATH_INFO"] or "/"
        return application(environ, start_response)

    return rooted
