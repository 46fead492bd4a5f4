package org.joveproxy.loadtest.leaks;

import org.joveproxy.loadtest.stage.Client;
import org.joveproxy.loadtest.stage.Wire;

/** How a peer ends its connection. */
enum Leave {
    FIN {
        @Override
        void leave(Client client) {
            client.close();
        }

        @Override
        void leave(Wire wire) {
            wire.close();
        }
    },
    RST {
        @Override
        void leave(Client client) {
            client.reset();
        }

        @Override
        void leave(Wire wire) {
            wire.reset();
        }
    };

    abstract void leave(Client client);

    abstract void leave(Wire wire);

    /** One after the other. */
    static Leave of(long number) {
        return number % 2 == 0 ? FIN : RST;
    }
}
