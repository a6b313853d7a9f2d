package dev.qwenmcp.server.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextDecoderTest {
  private static final String CHINESE = "图书馆周末不开放。鞋子可以在三十天内退货，请保留收据。";

  private static final Map<String, String> LEGACY =
      Map.of(
          "GB18030", CHINESE + "这是一个关于开放时间的说明，欢迎大家来信询问。",
          "Big5", "圖書館週末不開放。鞋子可以在三十天內退貨，請保留收據。這是一個關於開放時間的說明。",
          "Shift_JIS", "図書館は週末に開いていません。靴は三十日以内に返品できます。レシートを保管してください。",
          "EUC-KR", "도서관은 주말에 열지 않습니다. 신발은 삼십일 이내에 반품할 수 있습니다.",
          "windows-1251",
              "Библиотека не работает в выходные дни. Обувь можно вернуть в течение тридцати дней.",
          "windows-1252",
              "Die Bücherei öffnet um neun. Schuhe können dreißig Tage lang zurückgegeben werden – für Größe 42.");

  @Test
  void unicodeIsReadWithAndWithoutAMark() throws Exception {
    for (Charset charset :
        List.of(
            StandardCharsets.UTF_8,
            StandardCharsets.UTF_16LE,
            StandardCharsets.UTF_16BE,
            Charset.forName("UTF-32LE"),
            Charset.forName("UTF-32BE"))) {
      assertThat(TextDecoder.decode(("\ufeff" + CHINESE).getBytes(charset)))
          .as(charset.name())
          .isEqualTo(CHINESE);
    }
    assertThat(TextDecoder.decode(CHINESE.getBytes(StandardCharsets.UTF_8))).isEqualTo(CHINESE);
    String english = "The library is closed.\n";
    assertThat(TextDecoder.decode(english.getBytes(StandardCharsets.UTF_16LE))).isEqualTo(english);
    assertThat(TextDecoder.decode(english.getBytes(StandardCharsets.UTF_16BE))).isEqualTo(english);
  }

  @Test
  void legacyEncodingsAreTold() throws Exception {
    for (Map.Entry<String, String> sample : LEGACY.entrySet()) {
      byte[] bytes = sample.getValue().getBytes(Charset.forName(sample.getKey()));
      assertThat(TextDecoder.decode(bytes)).as(sample.getKey()).isEqualTo(sample.getValue());
    }
  }

  @Test
  void shortChineseIsTold() throws Exception {
    for (String text : List.of("退货说明", "图书馆 9:00", "价格：80元")) {
      assertThat(TextDecoder.decode(text.getBytes(Charset.forName("GB18030")))).isEqualTo(text);
    }
  }

  @Test
  void binaryIsNoText() {
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      byte[] bytes = new byte[64 + random.nextInt(2000)];
      random.nextBytes(bytes);
      assertThatThrownBy(() -> TextDecoder.decode(bytes))
          .isInstanceOf(DocumentException.class)
          .hasMessageContaining("binary");
    }
    ByteArrayOutputStream zeros = new ByteArrayOutputStream();
    zeros.writeBytes("text ".getBytes(StandardCharsets.UTF_8));
    zeros.writeBytes(new byte[50]);
    assertThatThrownBy(() -> TextDecoder.decode(zeros.toByteArray()))
        .isInstanceOf(DocumentException.class);
  }
}
