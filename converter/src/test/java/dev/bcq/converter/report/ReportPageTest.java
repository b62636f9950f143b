package dev.bcq.converter.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.console.Version;
import dev.bcq.converter.allocate.Allocation;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ReportPageTest {

  private static String html(ConversionReport report) {
    return ReportPage.of("model.bcq", "bcq-convert in model.bcq", report).html();
  }

  private static Document parse(String html) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(html)));
  }

  private static List<Element> elements(Document page, String name) {
    NodeList nodes = page.getElementsByTagName(name);
    return IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i)).toList();
  }

  private static List<String> plots(Document page) {
    return elements(page, "svg").stream().map(svg -> svg.getAttribute("aria-label")).toList();
  }

  /** Returns the cells of the row of a table that begins with a word. */
  private static List<String> row(Document page, String first) {
    for (Element row : elements(page, "tr")) {
      NodeList nodes = row.getElementsByTagName("td");
      if (nodes.getLength() > 0 && nodes.item(0).getTextContent().equals(first)) {
        return IntStream.range(0, nodes.getLength())
            .mapToObj(i -> nodes.item(i).getTextContent())
            .toList();
      }
    }
    return List.of();
  }

  private static String element(Document page, String name, int index) {
    return elements(page, name).get(index).getTextContent();
  }

  @Test
  void eachMatrixIsInTheTableWithItsFigures() throws Exception {
    ConversionReport report = Reports.allocated(2);
    Document page = parse(html(report));
    for (MatrixReport matrix : report.matrices()) {
      assertFalse(row(page, matrix.name()).isEmpty(), matrix.name());
    }
    assertEquals(
        List.of(
            "encoder.layers.1.feed_forward.down.weight",
            "64 x 64",
            "4",
            "5.250",
            "2,688",
            "640",
            "0.012000",
            "0.001714",
            "feedback",
            "0.000020"),
        row(page, "encoder.layers.1.feed_forward.down.weight"));
  }

  @Test
  void aMatrixWithDividedRowsHasTheCostOfAllItsParts() throws Exception {
    Document page = parse(html(Reports.allocated(1)));
    List<String> row = row(page, "embedding.weight");
    assertEquals("6/4/3", row.get(2));
    assertEquals("0.001234", row.get(row.size() - 1));
    List<String> part = row(page, "embedding");
    assertEquals("0.001234", part.get(part.size() - 1));
    List<String> all = row(page, "file");
    Allocation allocation = Objects.requireNonNull(Reports.allocated(1).allocation());
    double sum = allocation.costs().values().stream().mapToDouble(cost -> cost).sum();
    assertEquals(sum, Double.parseDouble(all.get(all.size() - 1)), 1e-6);
  }

  @Test
  void theHeadTellsTheCommandTheVersionAndTheOptions() throws Exception {
    Document page = parse(html(Reports.calibrated(1)));
    assertEquals("bcq-convert: model.bcq", element(page, "h1", 0));
    assertEquals("bcq-convert in model.bcq", element(page, "dd", 0));
    assertEquals("bcq " + Version.NUMBER, element(page, "dd", 1));
    assertEquals("--bits 3 --no-offset", element(page, "dd", 3));
    assertTrue(element(page, "dd", 4).contains("1,000 sentences of pairs.tsv"));
  }

  @Test
  void thePartsOfTheFileSumUpToItsBytes() throws Exception {
    ConversionReport report = Reports.plain(3);
    long sum = 0;
    for (SizeBudget.Share share : new SizeBudget(report).shares()) {
      sum += share.bytes();
    }
    assertEquals(report.fileBytes(), sum);
    Document page = parse(html(report));
    assertEquals("123,456", row(page, "file").get(3));
    assertEquals("4,000", row(page, SizeBudget.FLOATS).get(3));
    assertEquals("12", row(page, "decoder cross-attention").get(1));
    assertEquals("12", row(page, "encoder self-attention").get(1));
    assertEquals("1", row(page, "embedding").get(1));
  }

  @Test
  void theChosenSizeStandsBetweenItsNeighboursAndTheFloatModel() throws Exception {
    Document page = parse(html(Reports.allocated(1)));
    assertEquals(
        List.of("chosen", "10.00", "3.400", "0.0092", "0.0155", "0.6466", "+0.0186", "1.91"),
        row(page, "chosen"));
    assertEquals("0.6280", row(page, "float32").get(5));
    List<String> sizes =
        elements(page, "td").stream()
            .map(Element::getTextContent)
            .filter(text -> text.matches("11\\.73|10\\.00|8\\.93"))
            .toList();
    assertEquals(List.of("11.73", "10.00", "8.93"), sizes);
    assertEquals(
        List.of("", "11.73", "3.910", "0.0049", "0.0075", "0.6370", "+0.0090", "1.89"),
        row(page, ""));
  }

  @Test
  void whatWasNotFoundIsLeftOut() throws Exception {
    assertEquals(
        List.of("Bytes by part", "Bits per weight", "Relative error of the weights, %"),
        plots(parse(html(Reports.plain(1)))));
    Document dry = parse(html(Reports.dry(1)));
    assertEquals(List.of(), row(dry, SizeBudget.REST));
    assertTrue(element(dry, "li", 0).endsWith(" MB matrices; no file was written"));
    assertEquals(4, plots(parse(html(Reports.calibrated(1)))).size());
    assertEquals(8, plots(parse(html(Reports.allocated(1)))).size());
  }

  @Test
  void aModelTakenOverWithoutLossHasNoPlotOfErrors() throws Exception {
    MatrixReport recovered =
        new MatrixReport("embedding.weight", 8, 8, "2", true, 0, 100, 20, List.of());
    Document page = parse(html(Reports.report(List.of(recovered), 5000, false, false)));
    assertEquals(List.of("Bytes by part", "Bits per weight"), plots(page));
    assertEquals("2 recovered", row(page, "embedding.weight").get(2));
  }

  @Test
  void namesOfAnyKindKeepThePageWellFormed() throws Exception {
    String hostile = "a<script>alert(1)</script>&\"'\u0000\u001b\ud800 ]]> {body} $1 %s";
    List<MatrixReport> matrices = new ArrayList<>(Reports.plain(1).matrices());
    matrices.add(Reports.matrix(hostile, "3", 0.1, false));
    String html =
        ReportPage.of(hostile, hostile, Reports.report(matrices, 50_000, true, true)).html();
    Document page = parse(html);
    assertEquals(List.of(), elements(page, "script"));
    assertTrue(element(page, "h1", 0).contains("<script>alert(1)</script>&\"'"));
    assertTrue(element(page, "h1", 0).endsWith(" ]]> {body} $1 %s"));
  }

  @Test
  void thePageFetchesNothing() throws Exception {
    Document page = parse(html(Reports.allocated(2)));
    for (Element element : elements(page, "*")) {
      NamedNodeMap attributes = element.getAttributes();
      for (int i = 0; i < attributes.getLength(); i++) {
        String name = attributes.item(i).getNodeName();
        String value = attributes.item(i).getNodeValue();
        assertFalse(name.matches("(xlink:)?href|src|data|action"), name + "=" + value);
        assertFalse(value.contains("//"), name + "=" + value);
        assertFalse(value.matches(".*url\\((?!#).*"), name + "=" + value);
      }
    }
    assertFalse(element(page, "style", 0).matches("(?s).*(@import|url\\().*"));
    assertEquals(List.of(), elements(page, "script"));
    assertEquals(List.of(), elements(page, "link"));
  }

  @Test
  void aHundredMatricesAndMoreHaveTheirFiguresInTheMaps() throws Exception {
    ConversionReport report = Reports.plain(9);
    assertEquals(145, report.matrices().size());
    for (Element svg : elements(parse(html(report)), "svg").subList(1, 3)) {
      assertEquals(145, svg.getElementsByTagName("text").getLength());
    }
  }
}
