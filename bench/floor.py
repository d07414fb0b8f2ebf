"""The floor of the intake: an application that does nothing with a delivery but check its HMAC."""

from flask import Flask, request
from flask.typing import ResponseReturnValue

from analysis.settings import load_settings
from webhook.signature import verify_signature


def create_app() -> Flask:
    """For gunicorn, with the same settings as ours."""
    app = Flask(__name__)
    secret = load_settings().github_webhook_secret
    known = [secret.get_secret_value()] if secret else []

    @app.post("/webhooks/github")
    def receive() -> ResponseReturnValue:
        verify_signature(request.get_data(cache=False), request.headers.get("X-Hub-Signature-256"), known)
        return {"commits": 0}, 202

    return app
