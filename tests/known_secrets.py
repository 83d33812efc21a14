"""Secrets of every known shape, and names that say their value is one."""

from __future__ import annotations

# Put together here, so that no scanner takes them for real ones.
HEX = "0123456789abcdef" * 2
SHAPES = {
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0." + "dBjftJeZ4CVP-mB92K27uhbUJU1p1r",
    "jwe": "eyJhbGciOiJkaXIifQ..YWJjZGVm.MTIzNDU2.Nzg5MA".replace("..", ".AAAAAA."),
    "stripe": "sk_" + "live_abc",
    "stripe-test": "sk_" + "test_4eC39HqLyjWDarjtT1zdp7dc",
    "publishable": "pk_" + "live_51H",
    "openai": "sk-" + "proj-a1B2c3D4e5F6g7H8",
    "github": "ghp" + "_a1B2c3D4e5F6g7H8i9J0",
    "github-fine": "github" + "_pat_11ABCDE0Q0abc",
    "gitlab": "glpat" + "-a1B2c3D4e5F6",
    "slack": "xox" + "b-123456789012-abcdef",
    "aws": "AKIA" + "IOSFODNN7EXAMPLE",
    "twilio": "AC" + HEX,
    "google": "AIza" + "SyA1B2C3D4E5F6G7H8I9J0K1L2M3N4O5P6Q",
    "sendgrid": "SG." + "a1B2c3D4e5F6g7H8." + "a1B2c3D4e5F6g7H8i9J0",
    "telegram": "bot" + "123456789:" + "AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQ",
    "pem": f"-----BEGIN PRIVATE KEY-----\n{HEX}\n{HEX}==\n-----END PRIVATE KEY-----",
    "pem-cut": f"-----BEGIN RSA PRIVATE KEY-----\n{HEX}",
    "pem-escaped": rf"-----BEGIN EC PRIVATE KEY-----\n{HEX}\n-----END EC PRIVATE KEY-----",
}
SECRET_NAMES = """
    token Token TOKEN tokens access_token accessToken refresh-token id_token next-auth.session-token
    page_access_token authToken authtoken csrfmiddlewaretoken secret client_secret clientSecret
    SECRET_VALUE password Password
    passwd pwd newPassword userpassword passphrase pass authorization proxy-authorization auth
    basic_auth api_key apikey apiKey APIKey API_KEY x-api-key X-API-KEY api-keys access_key
    AccessKeyId private_key privateKey secretAccessKey session session_id sessionId JSESSIONID
    PHPSESSID connect.sid sid AccountSid cookie set-cookie signature X-Twilio-Signature
    X-Amz-Signature sig hmac credential credentials X-Amz-Credential otp otp_code pin PIN pin_code
    bearer jwt X-Amz-Security-Token Ocp-Apim-Subscription-Key subscription_key code_verifier
    user[password] cvv
""".split()  # noqa: SIM905 # a list of words reads best as words
