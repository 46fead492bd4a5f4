package org.joveproxy.core.errorpage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who wants JSON rather than HTML. */
class AcceptFieldTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json                                 | true  | false",
                "Application/JSON; charset=utf-8                  | true  | false",
                "application/json, text/plain, */*                | true  | false",
                "application/json, text/javascript, */*; q=0.01   | true  | false",
                "application/json;q=0.5, */*                      | false | false",
                "text/html;q=0.8, application/json                | true  | true",
                "text/html, application/json                      | false | true",
                "text/html, application/json;q=0.9                | false | true",
                "text/html;q=0, application/json;q=0.1            | true  | false",
                "application/json;q=0                             | false | false",
                "application/json;q=9                             | true  | false",
                "text/html,application/xhtml+xml,*/*;q=0.8        | false | true",
                "*/*                                              | false | false",
                "application/*                                    | false | false",
                "''                                               | false | false",
                ";;,,q=                                           | false | false"
            })
    void jsonIsPreferredWhenItIsNamed(String field, boolean prefersJson, boolean namesHtml) {
        AcceptField accept = new AcceptField(field);

        assertThat(accept.prefersJsonToHtml()).isEqualTo(prefersJson);
        assertThat(accept.namesHtml()).isEqualTo(namesHtml);
    }
}
