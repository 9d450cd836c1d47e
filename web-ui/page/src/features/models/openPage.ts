/**
 * Shows a fetched page in a new tab: a plain link could not send the token. The tab's document
 * inherits this page's Content-Security-Policy, so that no script of the fetched page runs.
 */
export function openPage(content: Blob): void {
  const address = URL.createObjectURL(new Blob([content], { type: 'text/html;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.target = '_blank';
  link.rel = 'noopener';
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
