"""Names that say nothing of a commit: words of languages, tools, protocols, products."""

_LITERALS = """
true false null none nil undefined nan inf void self this super async await return yield if else elif for
while do try except catch finally throw raise break continue pass with in is not and or new del let const
var mut pub fn func def class struct enum trait impl interface type use import from export package match
switch case default static ok err error some int integer float double bool boolean str string char byte
bytes list dict map set tuple array object any option result vec hashmap promise future iterator exception
main readme changelog license todo fixme stdin stdout stderr localhost ctrl-c ctrl+c ctrl-d kb mb gb tb
kib mib gib tib ms us ns
"""
_NAMES = """
python rust go golang java javascript typescript c cpp c++ ruby php kotlin swift scala bash shell sh zsh
lua perl sql html css json yaml yml toml xml csv markdown md svg utf-8 utf8 ascii unicode base64 regex
gzip zstd http https http/1.1 http/2 http/3 tcp udp ip ipv4 ipv6 dns tls ssl ssh ftp smtp grpc rest rpc
graphql websocket oauth oauth2 jwt saml oidc cors csrf xss api cli gui ui url uri uuid id sdk ide cpu gpu
ram rom ssd io i/o os vm kv db orm ci cd ci/cd pr pull-request llm ai ml cuda oom git github gitlab
github.com bitbucket gitea docker docker-compose podman kubernetes k8s kubectl helm terraform ansible npm
npx yarn pnpm bun deno node node.js nodejs pip pipx poetry conda uv uvx cargo rustup rustc gcc clang make
cmake ninja brew apt apt-get yum dnf apk pacman snap choco winget systemctl systemd curl wget tar sudo cd
ls cat grep sed awk jq redis redis-cli redis-server valkey-cli valkey-server postgres postgresql psql
mysql sqlite mongodb kafka nats rabbitmq linux windows macos darwin ubuntu debian alpine fedora android
ios x86_64 x86-64 aarch64 arm64 amd64 x64 armv7 pytest unittest mypy ruff black eslint prettier jest
vitest pypi crates.io docs.rs npmjs pytorch tensorflow numpy pandas vllm sglang openai anthropic
huggingface react vue svelte django flask fastapi en_us zh_cn en-us zh-cn
"""
_COMMANDS = """
git gh docker docker-compose podman kubectl helm terraform npm npx yarn pnpm pip pipx poetry conda cargo
rustup go make brew apt apt-get yum dnf apk systemctl curl wget tar sudo cd ls cat grep sed awk jq export
redis-cli valkey-cli psql mysql sqlite3 python python3 ssh chmod chown cp mv rm mkdir
"""
COMMON = frozenset(_LITERALS.split()) | frozenset(_NAMES.split())
"""In lower case; as a word by itself none of these is a claim."""
COMMANDS = frozenset(_COMMANDS.split())
"""A line of code that begins with one of these tells a reader what to type, unless it is the commit's own."""


def is_common(name: str) -> bool:
    """Whether a name, however its case is, says nothing of a commit."""
    return name.strip("()[]{}<>.,:;!?&*$@\"'").lower() in COMMON
