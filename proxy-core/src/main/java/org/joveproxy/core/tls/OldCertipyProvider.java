package org.joveproxy.core.tls;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Security;
import java.security.cert.CRL;
import java.security.cert.CRLException;
import java.security.cert.CertPath;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateFactorySpi;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets the JDK's TLS read the certificates that peers with an old certipy send.
 *
 * <p>The JDK parses a peer's certificates with whatever certificate factory comes first in the JVM; there is no way to
 * give one to a single context. So this provider has to stand first, and it is put there only when a role with
 * {@link Leniency#OLD_CERTIPY} has such certificates among its own files. It asks the JDK's factory first and reads
 * only what that one refuses. Roles that are not lenient stay as strict as before: the JDK's check of a chain parses
 * every certificate anew from its bytes, without this provider, and refuses.
 *
 * <p>Any thread may call any method.
 */
final class OldCertipyProvider extends Provider {
    private static final long serialVersionUID = 1;
    private static final String NAME = "JoveOldCertipy";

    private OldCertipyProvider() {
        super(NAME, "1", "Reads X.509 certificates that say version 1 and have extensions");
        putService(new FactoryService(this));
    }

    /** Puts the provider in place. Doing it again changes nothing. */
    static void install() {
        // Race: two threads may both get here; the JVM keeps one provider of a name and ignores the second.
        if (Security.getProvider(NAME) == null) {
            Security.insertProviderAt(new OldCertipyProvider(), 1);
        }
    }

    private static final class FactoryService extends Service {
        FactoryService(Provider provider) {
            super(provider, "CertificateFactory", "X.509", Factory.class.getName(), List.of("X509"), null);
        }

        @Override
        public Object newInstance(@Nullable Object constructorParameter) {
            return new Factory();
        }
    }

    private static final class Factory extends CertificateFactorySpi {
        private static final int LONGEST_CERTIFICATE = 1 << 20;

        @Override
        public Certificate engineGenerateCertificate(InputStream in) throws CertificateException {
            InputStream rewindable = in.markSupported() ? in : new BufferedInputStream(in);
            rewindable.mark(LONGEST_CERTIFICATE);
            try {
                return strict().generateCertificate(rewindable);
            } catch (CertificateException refused) {
                byte[] data = firstElement(rewindable, refused);
                if (OldCertipyCertificate.looksLike(data)) {
                    return OldCertipyCertificate.parse(data);
                }
                throw refused;
            }
        }

        private static byte[] firstElement(InputStream in, CertificateException refused) throws CertificateException {
            try {
                in.reset();
                byte[] first = new Der(in.readNBytes(LONGEST_CERTIFICATE)).whole();
                in.reset();
                in.skipNBytes(first.length);
                return first;
            } catch (IOException | GeneralSecurityException e) {
                refused.addSuppressed(e);
                throw refused;
            }
        }

        @Override
        public Collection<? extends Certificate> engineGenerateCertificates(InputStream in)
                throws CertificateException {
            return strict().generateCertificates(in);
        }

        @Override
        public CertPath engineGenerateCertPath(InputStream in) throws CertificateException {
            return strict().generateCertPath(in);
        }

        @Override
        public CertPath engineGenerateCertPath(InputStream in, String encoding) throws CertificateException {
            return strict().generateCertPath(in, encoding);
        }

        @Override
        public CertPath engineGenerateCertPath(List<? extends Certificate> certificates) throws CertificateException {
            return strict().generateCertPath(certificates);
        }

        @Override
        public Iterator<String> engineGetCertPathEncodings() {
            try {
                return strict().getCertPathEncodings();
            } catch (CertificateException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public CRL engineGenerateCRL(InputStream in) throws CRLException {
            try {
                return strict().generateCRL(in);
            } catch (CertificateException e) {
                throw new CRLException(e);
            }
        }

        @Override
        public Collection<? extends CRL> engineGenerateCRLs(InputStream in) throws CRLException {
            try {
                return strict().generateCRLs(in);
            } catch (CertificateException e) {
                throw new CRLException(e);
            }
        }

        private static CertificateFactory strict() throws CertificateException {
            return Certificates.strictFactory();
        }
    }
}
