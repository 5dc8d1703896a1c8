/** What a person is called when no one knows better: the full name, else the part of the e-mail address before the @. */
export function nickname({ full_name, email }: { full_name: string | null; email: string }): string {
  const name = full_name?.trim() ?? '';
  return name === '' ? (email.split('@')[0] ?? '').trim() : name;
}

/** A shape of an e-mail address that gives neither the person nor the provider away. */
export function maskEmail(email: string): string {
  return `${[...email][0] ?? ''}***@***`;
}
