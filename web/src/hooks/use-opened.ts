import { useEffect, useState } from 'react';

interface Connection {
  open: () => void;
  close: () => void;
}

/** Makes a connection that is open while the component is on the page. */
export function useOpened<T extends Connection>(make: () => T): T {
  const [connection] = useState(make);
  useEffect(() => {
    connection.open();
    return () => connection.close();
  }, [connection]);
  return connection;
}
