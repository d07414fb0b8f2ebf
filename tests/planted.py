"""Secrets of every kind as they stand in commits; each is put together here and opens nothing.

`PLANTED` is kind -> (text, the part that must not be seen).
"""

import base64

HEX = "7c1e5b9a03d84f26" * 4
MIXED = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7" * 8
UPPER = "AB3DE6GH9JK2MN5PQ8ST1VW4YZ7C" * 3
UUID = "8f14e45f-ceea-467f-ab12-0123456789ab"
KEY = base64.b64encode(bytes(range(256))).decode()
PHRASE = "h0rse-battery"
BEGIN, END = (f"-----{word} RSA PRIVATE KEY-----" for word in ("BEGIN", "END"))
PEM = f"{BEGIN}\n{KEY[:64]}\n{KEY[64:90]}\n{END}"
WRAPPED = base64.b64encode(PEM.encode()).decode()
JWT = f"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.{MIXED[:43]}"

PLANTED: dict[str, tuple[str, str]] = {
    # private keys
    "pem": (PEM, KEY[64:90]),
    "pem with a short last line": (f"{BEGIN}\n{KEY[:64]}\n{KEY[64:76]}\n{END}", KEY[64:76]),
    "pem in a patch": ("\n".join(f"+{line}" for line in PEM.split("\n")), KEY[:64]),
    "pem in a string": (f'key = "-----BEGIN EC PRIVATE KEY-----\\n{KEY[:64]}\\n{KEY[64:90]}"', KEY[64:90]),
    "pem in json": (f'{{"private_key": "-----BEGIN PRIVATE KEY-----\\\\n{KEY[:64]}\\\\n"}}', KEY[:64]),
    "pem indented": ("tls.key: |\n" + "\n".join(f"    {line}" for line in PEM.split("\n")), KEY[:64]),
    "pem encrypted": (f"{BEGIN}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES\n\n{KEY[:64]}\n{END}", KEY[:64]),
    "openssh": (f"-----BEGIN OPENSSH PRIVATE KEY-----\n{KEY[:70]}\n{KEY[70:140]}\n", KEY[70:140]),
    "pgp": (f"-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: 2\n\n{KEY[:64]}\n=aB3d\n", KEY[:64]),
    "pem in base64": (f"tls.key: {WRAPPED}", WRAPPED[60:100]),
    "age": ("# created\nAGE-SECRET-KEY-1" + UPPER[:58], UPPER[:58]),
    # tokens that say who issued them
    "github": ("ghp_" + MIXED[:36], MIXED[:36]),
    "github app": ("x-access-token: ghs_" + MIXED[:36], MIXED[:36]),
    "github fine-grained": ("github_pat_" + MIXED[:22] + "_" + MIXED[:59], MIXED[:59]),
    "gitlab": ("glpat-" + MIXED[:20], MIXED[:20]),
    "gitlab runner": ("glrt-t1_" + MIXED[:20], MIXED[:20]),
    "slack": ("xoxb-1234567890-" + MIXED[:24], MIXED[:24]),
    "slack app": ("xapp-1-A012-345-" + HEX, HEX),
    "aws id": ("AKIA" + UPPER[:16], UPPER[:16]),
    "alibaba": ("LTAI5t" + MIXED[:18], MIXED[:18]),
    "tencent": ("SecretId: AKID" + MIXED[:32], MIXED[:32]),
    "google": ("AIza" + MIXED[:35], MIXED[:35]),
    "google oauth": ("GOCSPX-" + MIXED[:28], MIXED[:28]),
    "google access": ("ya29.a0" + MIXED[:120], MIXED[:120]),
    "openai": ("sk-proj-" + MIXED[:48], MIXED[:48]),
    "deepseek": ("sk-" + HEX[:32], HEX[:32]),
    "anthropic": ("sk-ant-api03-" + MIXED[:90], MIXED[:90]),
    "groq": ("gsk_" + MIXED[:52], MIXED[:52]),
    "xai": ("xai-" + MIXED[:80], MIXED[:80]),
    "nvidia": ("nvapi-" + MIXED[:64], MIXED[:64]),
    "hugging face": ("hf_" + MIXED[:34], MIXED[:34]),
    "stripe": ("sk_live_" + MIXED[:24], MIXED[:24]),
    "stripe webhook": ("whsec_" + MIXED[:32], MIXED[:32]),
    "npm": ("npm_" + MIXED[:36], MIXED[:36]),
    "pypi": ("pypi-AgEIcHlwaS5vcmc" + MIXED[:60], MIXED[:60]),
    "crates.io": ("cio" + MIXED[:32], MIXED[:32]),
    "docker": ("dckr_pat_" + MIXED[:27], MIXED[:27]),
    "sendgrid": (f"SG.{MIXED[:22]}.{MIXED[:43]}", MIXED[:43]),
    "telegram": ("123456789:AA" + MIXED[:33], MIXED[:33]),
    "vault": ("VAULT=hvs." + MIXED[:90], MIXED[:90]),
    "databricks": ("dapi" + HEX[:32], HEX[:32]),
    "digitalocean": ("dop_v1_" + HEX, HEX),
    "jwt": (JWT, MIXED[:43]),
    # headers and command lines
    "bearer": (f"Authorization: Bearer {HEX[:40]}", HEX[:40]),
    "basic": (f'curl -H "Authorization: Basic {MIXED[:24]}=="', MIXED[:24]),
    "authorization token": (f"Authorization: token {HEX[:40]}", HEX[:40]),
    "header": (f'headers = {{"X-Api-Key": "{HEX[:32]}"}}', HEX[:32]),
    "header in curl": (f"curl -H 'PRIVATE-TOKEN: {MIXED[:24]}' https://git.example.org", MIXED[:24]),
    "curl": (f"curl -s -u deploy:{PHRASE} https://example.org", PHRASE),
    "option": (f"redis-cli --password {PHRASE}9 ping", PHRASE),
    "query": (f"https://api.example.org/v1?access_token={MIXED[:32]}&page=2", MIXED[:32]),
    "azure sas": (f"https://x.blob.core.windows.net/c?sv=2024&sig={MIXED[:43]}%3D", MIXED[:43]),
    # addresses
    "redis": (f"redis://:{PHRASE}@cache:6379/0", PHRASE),
    "postgres": (f"postgresql://app:{PHRASE}@db/app", PHRASE),
    "mongodb": (f"mongodb+srv://app:{PHRASE}%21@cluster0/x", PHRASE),
    "amqp": (f"amqp://svc:{PHRASE}@p@ss@mq:5672", PHRASE),
    "git": (f"https://x-access-token:{PHRASE}@github.com/a/b", PHRASE),
    "feishu": (f"https://open.feishu.cn/open-apis/bot/v2/hook/{UUID}", UUID),
    "dingtalk": (f"https://oapi.dingtalk.com/robot/send?access_token={HEX}", HEX),
    "wecom": (f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={UUID}", UUID),
    "slack webhook": (f"https://hooks.slack.com/services/T0000000A/B0000000B/{MIXED[:24]}", MIXED[:24]),
    "discord webhook": (f"https://discord.com/api/webhooks/1234567890/{MIXED[:68]}", MIXED[:68]),
    "azure storage": (f"DefaultEndpointsProtocol=https;AccountKey={KEY[:86]}==;", KEY[:86]),
    "azure bus": (f"Endpoint=sb://x/;SharedAccessKeyName=a;SharedAccessKey={KEY[:43]}=", KEY[:43]),
    "ado": (f"Server=db;User Id=app;Password={PHRASE};Encrypt=yes", PHRASE),
    # files of settings
    "env": (f"+export AWS_SECRET_ACCESS_KEY={MIXED[:40]}", MIXED[:40]),
    "env session": (f"AWS_SESSION_TOKEN={KEY[:200]}", KEY[:200]),
    "env password": (f"DB_PASSWORD={PHRASE}9", PHRASE),
    "env inline": (f"PGPASSWORD='{PHRASE}' psql -h db", PHRASE),
    "django": (f"SECRET_KEY = 'django-insecure-{MIXED[:50]}'", MIXED[:50]),
    "aws file": (f"aws_secret_access_key = {MIXED[:38]}/+", MIXED[:38]),
    "yaml": (f"+  client_secret: {MIXED[:32]}", MIXED[:32]),
    "yaml password": (f"  password: {PHRASE}-P@ss!9 # old", PHRASE),
    "json": (f'  "token": "{MIXED[:30]}",', MIXED[:30]),
    "json in a string": (f'body = "{{\\"apiKey\\": \\"{MIXED[:30]}\\"}}"', MIXED[:30]),
    "python": (f'db_password = "{MIXED[:20]}"', MIXED[:20]),
    "go": (f"apiToken := `{MIXED[:32]}`", MIXED[:32]),
    "ruby": (f":password => 'p4ss{PHRASE}'", PHRASE),
    "service account": (f'"private_key_id": "{HEX[:40]}",', HEX[:40]),
    "kubeconfig": (f"    client-key-data: {KEY[:120]}", KEY[:120]),
    "kubernetes secret": (f"data:\n  api-token: {MIXED[:28]}==", MIXED[:28]),
    "docker config": (f'"auths": {{"https://x/": {{"auth": "{MIXED[:28]}"}}}}', MIXED[:28]),
    "npmrc": (f"//registry.example.org/:_authToken={UUID}", UUID),
    "pypirc": (f"[pypi]\nusername = u\npassword = {PHRASE}9z\n", PHRASE),
    "netrc": (f"machine example.org login u password {PHRASE}", PHRASE),
    "in Chinese": (f"数据库密码：{PHRASE}，请勿外传", PHRASE),
}  # fmt: skip

HARMLESS = [
    "token = tokenizer.encode(text)",
    'password = os.environ["DATABASE_PASSWORD"]',
    "const apiKey = process.env.API_KEY1234567",
    'api_key = "your-api-key-12345"',
    'secret: "${{ secrets.NPM_TOKEN_2 }}"',
    'f"https://{user}:{password}@{host}/"',
    "postgresql://user:$PASSWORD@db/app",
    "mysql://%s:%s@%s/db",
    "max_tokens: 4096",
    'token_type = "identifier"',
    "password: string2;",
    "self.token = config.auth2.token_name",
    "password = password1",
    'tokenizer = "meta-llama/Llama-3.1-8B-Instruct"',
    'secretName: "my-app-tls-v2"',
    'Procedure = "/memos.api.v1.UserService/GetUserWebhookSigningSecret2"',
    "index 0d3ff44000b70666300eaa37a0340ffbc25a0984..e69de29bb2d1d6434b8b29ae775ad8c2e48c5391 100644",
    "uses: actions/checkout@0d3ff44000b70666300eaa37a0340ffbc25a0984",
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "http://127.0.0.1:8000/reports@latest",
    "task-management-system-with-hyphens-2",
    "<div class='sk-estimator-doc-link-2 sk-container-id-1'>",
    'if "-----BEGIN PRIVATE KEY-----" in text:',
    "basic configuration of the server",
    "the bearer of this token",
    "machine {} login {} password {}",
    "--token-file /run/secrets/token2",
    "密码长度至少 8 位",
    "--password-stdin",
]
"""What stands in code and is no secret."""
