package org.joveproxy.loadtest.play;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class MessageTest {
    private static ByteBuf reply(String name, int number, int index, int size) {
        ByteBuf message = Unpooled.buffer();
        Message.write(message, number, index, size, Message.reply(name, number, index, size));
        return message;
    }

    @Test
    void aQuestionAndItsReplyPass() {
        ByteBuf question = Unpooled.buffer();
        Message.write(question, 7, 2, 500, new Payload("w7", 70_000));

        assertThat(Message.complaintOfQuestion(question, "w")).isEmpty();
        assertThat(Message.complaintOfReply(reply("w", 7, 1, 500), "w", 7, 500)).isEmpty();
    }

    @Test
    void aReplyToAnotherMessageDoesNot() {
        assertThat(Message.complaintOfReply(reply("w", 8, 0, 500), "w", 7, 500))
                .isEqualTo("reply to message 8 (expected: 7)");
    }

    @Test
    void aReplyOnAnotherWebsocketDoesNot() {
        assertThat(Message.complaintOfReply(reply("v", 7, 0, 500), "w", 7, 500)).startsWith("wrong bytes");
    }

    @Test
    void aCutReplyDoesNot() {
        assertThat(Message.complaintOfReply(reply("w", 7, 0, 500).slice(0, 300), "w", 7, 500))
                .isEqualTo("a reply of 300 bytes (expected: 512)");
        assertThat(Message.complaintOfQuestion(Unpooled.buffer().writeInt(1), "w"))
                .isEqualTo("a message of 4 bytes");
    }
}
