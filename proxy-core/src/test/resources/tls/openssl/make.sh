#!/bin/sh
# Makes every file of this folder anew with the openssl command line (3.0 or later). Run it inside this folder.
# The passphrase of every encrypted key is "correct horse". All certificates are good for a hundred years, except
# expired.crt. The keys protect nothing: they exist for the tests alone.
set -eu
umask 022
rm -f ./*.crt ./*.key ./*.pem ./*.txt
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
days=36500
pass="correct horse"

authority() { # name, common name
    openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days "$days" -subj "/CN=$2" -keyout "$work/$1.key" -out "$1.crt" \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
}

signed() { # name, authority, common name, extensions file
    openssl req -new -key "$1.key" -subj "/CN=$3" -out "$work/$1.csr"
    openssl x509 -req -sha256 -days "$days" -in "$work/$1.csr" -CA "$2.crt" -CAkey "$work/$2.key" \
        -set_serial "0x$(openssl rand -hex 8)" -extfile "$4" -out "$1.crt"
}

cat > "$work/authority.ext" <<END
basicConstraints=critical,CA:TRUE,pathlen:0
keyUsage=critical,keyCertSign,cRLSign
END
cat > "$work/server.ext" <<END
basicConstraints=CA:FALSE
keyUsage=critical,digitalSignature,keyEncipherment
extendedKeyUsage=serverAuth
subjectAltName=DNS:localhost,DNS:proxy.test,DNS:*.wild.test,IP:127.0.0.1,IP:::1
END
cat > "$work/client.ext" <<END
basicConstraints=CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=clientAuth
END

authority root "Jove test root"
authority other-root "Another test root"

openssl req -new -newkey rsa:2048 -nodes -subj "/CN=Jove test intermediate" \
    -keyout "$work/intermediate.key" -out "$work/intermediate.csr"
openssl x509 -req -sha256 -days "$days" -in "$work/intermediate.csr" -CA root.crt -CAkey "$work/root.key" \
    -set_serial 0x1001 -extfile "$work/authority.ext" -out intermediate.crt

# The server, signed by the intermediate; its key in every spelling that operators have.
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out server.key
signed server intermediate proxy.test "$work/server.ext"
{ openssl x509 -in server.crt -noout -subject -issuer; cat server.crt; echo "the intermediate:"; cat intermediate.crt; } \
    > server-chain.crt
openssl rsa -in server.key -traditional -out server-pkcs1.key
cat server-pkcs1.key server.crt intermediate.crt > server-all-in-one.pem
pbes2() { openssl pkcs8 -topk8 -in server.key -passout "pass:$pass" -out "server-$1.key" $2; }
pbes2 pbes2-aes256-sha256 "-v2 aes-256-cbc -v2prf hmacWithSHA256"
pbes2 pbes2-aes192-sha512 "-v2 aes-192-cbc -v2prf hmacWithSHA512"
pbes2 pbes2-aes128-sha1 "-v2 aes-128-cbc -v2prf hmacWithSHA1"
pbes2 pbes2-aes128-sha384 "-v2 aes-128-cbc -v2prf hmacWithSHA384"
pbes2 pbes2-des3-sha224 "-v2 des3 -v2prf hmacWithSHA224"
pbes2 pbes1-sha1-des3 "-v1 PBE-SHA1-3DES"
pbes2 scrypt "-scrypt"
pbes2 camellia "-v2 camellia-128-cbc"
for cipher in aes128 aes192 aes256 des3; do
    openssl rsa -in server.key -traditional "-$cipher" -passout "pass:$pass" -out "server-legacy-$cipher.key"
done

# Other kinds of key.
openssl ecparam -name prime256v1 -genkey -out ec-sec1.key
openssl pkcs8 -topk8 -nocrypt -in ec-sec1.key -out ec.key
openssl ec -in ec-sec1.key -aes128 -passout "pass:$pass" -out ec-legacy-aes128.key
openssl ecparam -name prime256v1 -genkey -param_enc explicit -out ec-explicit.key
signed ec intermediate proxy.test "$work/server.ext"
openssl genpkey -algorithm ED25519 -out ed25519.key
signed ed25519 intermediate proxy.test "$work/server.ext"
openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out rsa-pss.key
signed rsa-pss intermediate proxy.test "$work/server.ext"
openssl genpkey -algorithm X25519 -out x25519.key

# Clients: one of the root, one of an authority that nobody trusts.
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out client.key
signed client root "a client" "$work/client.ext"
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out stranger.key
signed stranger other-root "a stranger" "$work/client.ext"

# A server certificate that ended in 2020.
touch "$work/index.txt"
cp server.key expired.key
openssl req -new -key expired.key -subj /CN=proxy.test -out "$work/expired.csr"
cat > "$work/ca.cnf" <<END
[ca]
default_ca=it
[it]
database=$work/index.txt
new_certs_dir=$work
rand_serial=yes
default_md=sha256
policy=any
[any]
commonName=supplied
END
openssl ca -batch -notext -config "$work/ca.cnf" -in "$work/expired.csr" -cert root.crt -keyfile "$work/root.key" \
    -startdate 20190101000000Z -enddate 20200101000000Z -extfile "$work/server.ext" -out expired.crt
rm -f expired.key

openssl dhparam -dsaparam -out dhparam.pem 2048
echo "this is not PEM" > not-pem.txt
sed 's/^MII/AAA/' server.crt > damaged.crt
sed 's/^MII/AAA/' server.key > damaged.key
