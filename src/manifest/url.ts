/** A `<variable>` that Kaleyra fills in: legal anywhere in a callback URL (documentation), and no URL character. */
const PLACEHOLDER = /<[^<>\s]+>/g

/**
 * Checks a callback URL: http or https, parsed as browsers do once `<variable>` placeholders are set aside.
 * Returns what is expected instead, or null for a good one.
 */
export function urlProblem(text: string): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the parser would drop them silently
  if (/[\s\u0000-\u001f\u007f]/.test(text)) return 'expected a URL without spaces or line breaks'
  // A placeholder may be any part but the scheme: a name in most places, digits in that of the port.
  const [bare, numeric] = [text.replace(PLACEHOLDER, 'x'), text.replace(PLACEHOLDER, '1')]
  if (!/^https?:\/\//i.test(bare)) return 'expected a URL that starts with https:// or http://'
  if (!URL.canParse(bare) && !URL.canParse(numeric))
    return 'expected a URL with a host, such as https://hooks.example.com/path'
  return null
}
