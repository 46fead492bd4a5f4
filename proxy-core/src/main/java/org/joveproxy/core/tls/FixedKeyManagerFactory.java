package org.joveproxy.core.tls;

import io.netty.handler.ssl.util.SimpleKeyManagerFactory;
import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.ManagerFactoryParameters;

/**
 * Hands one {@link FixedKeyManager} to Netty.
 *
 * <p>Key and certificates given to Netty directly would travel through a key store, whose password hashing costs more
 * than all the rest of making a context.
 *
 * <p>Immutable.
 */
final class FixedKeyManagerFactory extends SimpleKeyManagerFactory {
    private final FixedKeyManager keyManager;

    FixedKeyManagerFactory(Identity identity) {
        keyManager = new FixedKeyManager(identity);
    }

    @Override
    protected void engineInit(KeyStore keyStore, char[] password) {
        throw new UnsupportedOperationException("the key is known already");
    }

    @Override
    protected void engineInit(ManagerFactoryParameters parameters) {
        throw new UnsupportedOperationException("the key is known already");
    }

    @Override
    protected KeyManager[] engineGetKeyManagers() {
        return new KeyManager[] {keyManager};
    }
}
