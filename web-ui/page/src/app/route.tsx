import { useSyncExternalStore, type MouseEvent, type ReactNode } from 'react';

// The front door answers these paths, and those below them, with the page.
export type Area = 'jobs' | 'models' | 'classify';

const MOVED = 'spikemlp:moved';

function listen(onChange: () => void): () => void {
  window.addEventListener('popstate', onChange);
  window.addEventListener(MOVED, onChange);
  return () => {
    window.removeEventListener('popstate', onChange);
    window.removeEventListener(MOVED, onChange);
  };
}

/** The area of the page that the address names; `/` is the jobs. */
export function useArea(): Area {
  const path = useSyncExternalStore(listen, () => location.pathname);
  const first = path.split('/')[1];
  return first === 'models' || first === 'classify' ? first : 'jobs';
}

/** A link within the page: the area changes without loading anew. */
export function AreaLink({ area, current, children }: { area: Area; current: boolean; children: ReactNode }) {
  const go = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) {
      return;
    }
    event.preventDefault();
    history.pushState(null, '', `/${area}`);
    window.dispatchEvent(new Event(MOVED));
  };
  return (
    <a href={`/${area}`} onClick={go} aria-current={current ? 'page' : undefined}>
      {children}
    </a>
  );
}
