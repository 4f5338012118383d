//! Certificates, SAML assertions, tokens and the OIO privilege profile: parse, verify, issue.
