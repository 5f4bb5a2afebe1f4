#include "core/explain/shape_pictures.h"

#include <QtTest>

#include "tests/core/explain/explain_testing.h"

using namespace lab;
using namespace lab::explain;
using namespace lab::testing;

namespace {

std::optional<ShapePicture> pictureFor(const Subject& s, int block, int head, const char* stage) {
    return shapePictureOf(s.model, s.weights, NumberSource(s.trace), questionOf(s, block, head, 1, 0), stage);
}

bool close(double a, double b) {
    return std::abs(a - b) <= 1e-5 * (1.0 + std::abs(a));
}

}  // namespace

class ShapePicturesTest : public QObject {
    Q_OBJECT

private slots:
    void cuttingAndJoiningMoveNoNumber();
    void transposedKeysAreTheSameNumbers();
    void aRowsSumIsRepeatedAlongItsRow();
    void whatIsNotDrawnIsSaid();
    void otherStagesHaveNone();
};

void ShapePicturesTest::cuttingAndJoiningMoveNoNumber() {
    for (const NamedConfig& form : explainedForms()) {
        const Subject s = subjectOf(form.config);
        for (int block = 0; block < static_cast<int>(s.model->attentionBlocks().size()); ++block)
            for (const char* stage : {"project", "heads", "output"}) {
                const ShapePicture picture = *pictureFor(s, block, 0, stage);
                const bool cut = std::string_view(stage) == "project";
                QCOMPARE(picture.bands.size(), std::size_t{2});
                const ShapeMatrix& joined = picture.bands[cut ? 0 : 1].front();
                const std::vector<ShapeMatrix>& apart = picture.bands[cut ? 1 : 0];
                QCOMPARE(joined.columns, static_cast<int>(apart.size()) * apart.front().columns);
                for (int i = 0; i < joined.rows; ++i)
                    for (int k = 0; k < joined.columns; ++k) {
                        const ShapeMatrix& one = apart[static_cast<std::size_t>(k / apart.front().columns)];
                        QVERIFY2(joined.at(i, k) == one.at(i, k % one.columns) && joined.largest == one.largest, form.name.c_str());
                    }
            }
    }
}

void ShapePicturesTest::transposedKeysAreTheSameNumbers() {
    for (const NamedConfig& form : explainedForms()) {
        const Subject s = subjectOf(form.config);
        const AttentionBlock& block = s.model->attentionBlocks().front();
        const int head = block.heads - 1;
        const auto drawn = pictureFor(s, 0, head, "dot");
        QCOMPARE(drawn.has_value(), !specOf(form.config.attention.kernel.kind).drawn);  // of random features there is none
        if (!drawn) continue;
        const ShapePicture& picture = *drawn;
        const ShapeMatrix &rows = picture.bands.front()[0], &columns = picture.bands.front()[1];
        QCOMPARE(rows.rows, columns.columns);
        QCOMPARE(rows.litRow, columns.litColumn);
        const NumberSource numbers(s.trace);
        const NumberView keys = numbers.at(block.name + "." + kindOf(form.config, block, 1) + "key");
        for (int j = 0; j < rows.rows; ++j)
            for (int p = 0; p < rows.columns; ++p) {
                QCOMPARE(rows.at(j, p), columns.at(p, j));
                const double key = keys(head * block.kvHeads / block.heads, j, p);
                if (form.config.attention.kernel.kind == KernelKind::softmax) QCOMPARE(rows.at(j, p), key);
            }
    }
}

void ShapePicturesTest::aRowsSumIsRepeatedAlongItsRow() {
    for (const NamedConfig& form : explainedForms()) {
        const Subject s = subjectOf(form.config);
        const auto picture = pictureFor(s, 0, 0, "weights");
        const bool shares = specOf(form.config.attention.kernel.kind).rowsSumToOne;  // of products there is no sum
        QVERIFY2(picture.has_value() == shares, form.name.c_str());
        if (!shares) continue;
        const std::vector<ShapeMatrix>& band = picture->bands.front();
        QCOMPARE(band.size(), std::size_t{3});
        QVERIFY(band[1].repeated && !band[0].repeated && !band[2].repeated);
        for (int i = 0; i < band[0].rows; ++i)
            for (int j = 0; j < band[0].columns; ++j) {
                QCOMPARE(band[1].at(i, j), band[1].at(i, 0));
                if (band[1].at(i, j) > 0.0) QVERIFY2(close(band[0].at(i, j) / band[1].at(i, j), band[2].at(i, j)), form.name.c_str());
            }
    }
}

void ShapePicturesTest::whatIsNotDrawnIsSaid() {
    ModelConfig config = explainedForms().front().config;
    const Subject shorter = subjectOf(config);
    const auto rows = [](const ShapePicture& picture) { return picture.bands.front().front().rows; };
    QVERIFY(rows(*pictureFor(shorter, 0, 0, "project")) <= mostPositionsDrawn);
    const Subject longer = subjectOf(config, [&](Input& input) { input = inputFor(config, mostPositionsDrawn + 1); });
    const ShapePicture picture = *pictureFor(longer, 0, 0, "project");
    QCOMPARE(rows(picture), mostPositionsDrawn);
    QVERIFY(picture.cut.english().find(std::to_string(mostPositionsDrawn + 1) + " positions") != std::string::npos);
}

void ShapePicturesTest::otherStagesHaveNone() {
    const Subject s = subjectOf(explainedForms().front().config);
    for (const char* stage : {"input", "mix", "loss", "d_output", ""}) QVERIFY(!pictureFor(s, 0, 0, stage));
}

QTEST_APPLESS_MAIN(ShapePicturesTest)
#include "shape_pictures_test.moc"
