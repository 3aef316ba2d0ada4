"""What a name says of the value under it, and what stands for a secret and is none. The words are those of collector/base/secrets."""

from __future__ import annotations

import re
from typing import AbstractSet, Callable, List, Optional

from ._text import Pattern

_A = re.ASCII
_AI = re.ASCII | re.IGNORECASE

_LONGEST_NAME = 100

_separators = Pattern(r"[\s_.$-]")


def plain_name(name: str) -> str:
    """Names without case and separators: "API-Key" and "api_key" are one."""
    return _separators.made().sub("", name[-_LONGEST_NAME:]).lower()


_quickly = Pattern(
    r"(?:pass(?:words?|wd|phrase|code)?|pwd?|secrets?|token|key(?:base)?|credentials?|creds|authorization|auth|cookies?"
    r"|bearer|jwt|dsn|string|str|uri|url|webhooks?|pat|session(?:id)?|sessid)\Z"
)
_certain = Pattern(
    r"(?:passwords?|passwd|passphrase|passcode|pwd|secrets?|secretkeybase|credentials?|creds|authorization|cookies?"
    r"|bearer|jwt|dsn|conn(?:ection)?str(?:ing)?|connectionuri|webhooks?|webhookur[li])\Z"
)
_glued_pass = Pattern(
    r"(?:^|[^a-z])?(?:db|user|root|admin|pg|my|sql|ssh|ldap|smtp|imap|ftp|mail|proxy|store|key|http|redis|mongo|rabbit)pass\Z"
)
_ordinary_tokens = frozenset(
    "pad eos bos unk sep cls mask special stop start end begin image audio video per next page continuation sync first"
    " last prompt completion added additional new extra num n max min total unexpected current previous prev each"
    " any".split(" ")
)
_ordinary_passes = frozenset(
    "forward backward first second third fourth last final low high band multi single one two three render sub test"
    " tests all each per next previous must did should can will is has by num n train training eval validation warmup"
    " optimizer optimization compiler depth shadow post boarding season ski hall".split(" ")
)
_key_opens = frozenset(
    "api access secret private signing sign signature ssh encryption encrypt encrypting decryption crypto cipher master"
    " account storage shared deploy deployment service server client license licence auth jwt jwk hmac aes rsa gpg pgp"
    " tls ssl app application admin root session consumer subscription functions function webhook host recovery"
    " symmetric data dek kek wrapping vault token user personal integration project write admin security wireless wpa"
    " psk preshared cookie csrf kms seed validation instrumentation openai anthropic claude groq mistral cohere gemini"
    " google aws azure gcp stripe sendgrid twilio mailgun datadog dd wandb hf huggingface github gitlab slack algolia"
    " cloudflare pinecone replicate deepseek openrouter perplexity together fireworks tavily serper langsmith langchain"
    " langfuse comet neptune clearml".split(" ")
)
_key_is_ordinary = frozenset("public primary foreign sort partition cache row hash param".split(" "))
_glued_key = Pattern(
    r"(?:api|access|secret|private|signing|ssh|encryption|encrypt|decryption|master|account|storage|shared|deploy|license"
    r"|hmac|auth|jwt|crypto|sharedaccess|session)key\Z"
)
_session = Pattern(r"(?:sessid|session_?id|sessioncookie)\Z")
_looks_alike = Pattern(r"(?:obsession|sacred)s?\Z")


def judge_name(name: str, own: AbstractSet[str]) -> Optional[str]:
    """"secret" (texts and numbers go), "doubtful" (texts go unless they are ordinary), or nothing; `own` are plain names of the user."""
    plain = plain_name(name)
    if plain in own:
        return "secret"
    if not _quickly.search(plain):
        return None
    words = _words_of(name)
    last = words[-1] if words else ""
    before = words[-2] if len(words) > 1 else ""
    if len(words) > 1 and words[0] == "no":
        return None
    if plain.endswith("token"):
        tail = before if last == "token" else plain[:-5]
        return None if tail in _ordinary_tokens else "secret"
    if plain.endswith("key"):
        return _judge_key(words, plain)
    if last == "pat" and len(words) > 1:
        return "secret"
    if last in ("pass", "pw"):
        return None if before in _ordinary_passes else "doubtful"
    if _glued_pass.search(plain) or last in ("auth", "session") or _session.search(plain):
        return "doubtful"
    return "secret" if _certain.search(plain) and not _looks_alike.search(plain) else None


def _judge_key(words: List[str], plain: str) -> Optional[str]:
    if words[-1] != "key":
        return "secret" if _glued_key.search(plain) and not plain.endswith("publickey") else None
    if any(word in _key_is_ordinary for word in words):
        return None
    return "secret" if len(words) > 1 and words[-2] in _key_opens else None


_hump = Pattern(r"([a-z0-9])([A-Z])")
_caps = Pattern(r"([A-Z])([A-Z][a-z])")
_not_word = Pattern(r"[^a-z0-9]+")


def _words_of(name: str) -> List[str]:
    """"dbPassword2", "DB_PASSWORD" and "db.password" by words, in lower case."""
    text = _caps.made().sub(r"\1 \2", _hump.made().sub(r"\1 \2", name[-_LONGEST_NAME:])).lower()
    return [word for word in _not_word.made().split(text) if word]


def is_ordinary(name: str, value: str) -> bool:
    """Whether a value under a doubtful name ("pass", "auth", "session") is an ordinary one and may stay."""
    text = value.strip()
    if re.match(r"[\d\s.,:;%/+-]*\Z", text, _A):
        return True
    if len(text) > 60:
        return False
    plain = plain_name(name)
    if plain.endswith("pass") or plain.endswith("pw"):
        return _is_count(text) or bool(_result_words.match(text)) or bool(_pass_source.match(text))
    if plain.endswith("auth"):
        first = _methods.match(text)
        return first is not None and bool(_prose.match(text[first.end() :]))
    return all(_plain_label.match(part) for part in _label_splits.made().split(text))


_pass_source = Pattern(r"(?:stdin\Z|(?:env|file|fd):)")
_count = Pattern(r"\d[\d.,%/]*(?:ms|s|x)?(?:[ ,;(]|\Z)(?!.*[^\w\s.,:;%/()=-])", _A)
_result_words = Pattern(
    r"(?:all|none|any|some|ok|okay|passed|failed|fail|failing|passing|skipped|partial|yes|no|true|false|success|forward"
    r"|backward|first|second|third|final|low|high|train|eval|test|tests|warmup|shadow|depth|color|main|on|off|enabled"
    r"|disabled|required|optional|unknown|pending|n/a|done|complete|completed)\Z",
    _AI,
)
_methods = Pattern(
    r"(?:basic|bearer|digest|ntlm|negotiate|kerberos|oauth\d?|oauth2?\.0|oidc|saml|ldap|iam|mtls|tls|jwt|token"
    r"|api[_ -]?key|key|password|cookie|session|sso|anonymous|public|private|none|any|ok|okay|success|succeeded|failed"
    r"|failure|failing|denied|granted|required|optional|enabled|disabled|on|off|valid|invalid|expired|missing|pending"
    r"|plain|login|scram(?:-sha-\d+)?|md5|trust|peer|user|admin|guest|service|default|github|google|gitlab|azure|aws"
    r"|auth0|firebase|local|remote|unknown|error|true|false|null)(?=[ ,.;]|\Z)",
    _AI,
)
_prose = Pattern(r"(?:[ ,.;]+(?:[a-z']{1,14}|\d[\d.:]*)?)*\Z", _A)
_label_splits = Pattern(r"[\s_.,:;/()-]+")
_plain_label = Pattern(r"(?:[A-Za-z]{0,24}\d{0,4}|\d{0,14}|\d{8}T\d{4,6}Z?)\Z", _A)


def _is_count(text: str) -> bool:
    """"12 of 14", "3 passed", "12, fail: 0"."""
    return bool(_count.match(text)) and not re.search(r"\d[a-z]{3,}\d", text, _AI)


def is_placeholder(text: str, is_secret_name: Callable[[str], bool]) -> bool:
    """Whether a whole text stands for a secret and is none: `$TOKEN`, `${{ secrets.TOKEN }}`, `<token>`, `***`, `none`."""
    if len(text) > 200:
        return False
    scheme = _scheme.match(text)
    if scheme is not None:
        return is_placeholder(text[scheme.end() :], is_secret_name)
    if _whole_placeholder.match(text):
        return True
    variable = re.match(r"\$([A-Za-z_]\w*)\Z", text, _A)
    if variable is not None:
        name = variable.group(1)
        return name == name.upper() or is_secret_name(name)
    parts = re.split("[:/@]", text)
    return len(parts) > 1 and all(_reference.match(part) for part in parts)


_scheme = Pattern(r"(?:bearer|basic|token|digest) (?=[$<{%‹*])", _AI)
_reference = Pattern(r"\$(?:[A-Z_][A-Z0-9_]*|\{[A-Za-z_]\w*\})\Z", _A)
_whole_placeholder = Pattern(
    "(?:"
    + "|".join(
        [
            "‹masked: [^‹›\\n]{1,60}›",
            r"\$\{[A-Za-z_][\w.]*(?::[A-Za-z_][\w.]*)?\}",
            r"\$\{\{ ?[\w.[\]'\" -]+ ?\}\}",
            r"\{\{-? ?[\w.$| \"'-]+ ?-?\}\}",
            r"%[A-Za-z_]\w*%",
            r"%\([A-Za-z_]\w*\)s",
            r"<[A-Za-z][\w .-]*>",
            "[*•]{3,}",
            r"[\[(<]?(?:redacted|masked|hidden|filtered|removed)[\])>]?",
            "true|false|null|none|nil|undefined|yes|no",
            r"\.{3}|…",
        ]
    )
    + r")\Z",
    _AI,
)

spaced_placeholder = Pattern(r"(?:‹masked: [^‹›\n]{1,60}›|\$?\{\{[^{}\n]{1,120}\}\}|<[A-Za-z][\w .-]{0,60}>)", _A)
