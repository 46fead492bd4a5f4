package org.joveproxy.core.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The PEM blocks of a file, in order; whatever text stands around them is passed over.
 *
 * <p>Immutable.
 *
 * @param path where the file is
 * @param blocks what it holds, never empty
 */
record PemFile(Path path, List<Block> blocks) {
    // Hundreds of times what the authorities of the whole world take.
    private static final long MOST_BYTES = 16 << 20;

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9. ]+)-----\\s*?\\R(.*?)-----END \\1-----", Pattern.DOTALL);
    private static final Pattern HEADER = Pattern.compile("^([A-Za-z0-9-]+): (.*)$");

    /**
     * One block.
     *
     * @param label what stands after BEGIN
     * @param headers the lines like {@code DEK-Info: …} that legacy encryption puts before the data
     * @param base64 the data, well-formed
     */
    record Block(String label, Map<String, String> headers, String base64) {
        byte[] data() {
            return Base64.getDecoder().decode(base64);
        }
    }

    PemFile {
        blocks = List.copyOf(blocks);
    }

    static PemFile read(Path path) throws TlsConfigException {
        String text = text(path);
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            blocks.add(block(path, matcher.group(1), matcher.group(2)));
        }
        if (blocks.isEmpty()) {
            throw new TlsConfigException(path + ": no PEM block found (expected: -----BEGIN …----- and its end)");
        }
        return new PemFile(path, blocks);
    }

    private static String text(Path path) throws TlsConfigException {
        try {
            if (Files.size(path) > MOST_BYTES) {
                throw new TlsConfigException(path + ": larger than " + MOST_BYTES + " bytes (expected: PEM)");
            }
            return Files.readString(path, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new TlsConfigException(path + ": no such file", e);
        } catch (AccessDeniedException e) {
            throw new TlsConfigException(path + ": permission denied (expected: readable by this user)", e);
        } catch (IOException e) {
            throw new TlsConfigException(path + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static Block block(Path path, String label, String body) throws TlsConfigException {
        Map<String, String> headers = new HashMap<>();
        StringBuilder base64 = new StringBuilder(body.length());
        for (String line : body.lines().map(String::strip).toList()) {
            Matcher header = HEADER.matcher(line);
            if (header.matches()) {
                headers.put(header.group(1), header.group(2));
            } else {
                base64.append(line);
            }
        }
        try {
            Block block = new Block(label, Map.copyOf(headers), base64.toString());
            block.data(); // a damaged one shows here, where its file is known
            return block;
        } catch (IllegalArgumentException e) {
            throw new TlsConfigException(path + ": the block BEGIN " + label + " is damaged (expected: base64)", e);
        }
    }

    List<Block> blocksThatEndIn(String label) {
        return blocks.stream().filter(block -> block.label().endsWith(label)).toList();
    }
}
