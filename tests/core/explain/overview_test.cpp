#include "core/explain/overview.h"

#include <QtTest>
#include <set>

#include "tests/core/explain/explain_testing.h"

using namespace lab;
using namespace lab::explain;
using namespace lab::testing;

namespace {

Overview overviewFor(const Subject& s, int block, const std::string& stage) {
    return overviewOf(s.model, s.weights, NumberSource(s.trace), questionOf(s, block, 0, 1, 0), stage);
}

Subject subjectNamed(const char* name) {
    const std::vector<NamedConfig> forms = walkedForms();
    return subjectOf(std::ranges::find_if(forms, [&](const NamedConfig& form) { return std::string_view(form.name) == name; })->config);
}

}  // namespace

class OverviewTest : public QObject {
    Q_OBJECT

private slots:
    void partsLeadToStagesThatAreThere();
    void everyStageHappensSomewhere();
    void partsHaveNamesOfTheirOwn();
    void whatIsLackingSaysWhatSwitchesIt();
    void normsStandWhereTheyAre();
    void onlyTheDecoderReadsTheEncoder();
};

void OverviewTest::partsLeadToStagesThatAreThere() {
    for (const NamedConfig& form : formsOpenedForward()) {
        const Subject s = subjectOf(form.config);
        const int blocks = static_cast<int>(s.model->attentionBlocks().size());
        std::vector<Walk> walks;
        for (int block = 0; block < blocks; ++block) walks.push_back(walkOf(s, questionOf(s, block, 0, 1, 0)));
        for (int block = 0; block < blocks; ++block) {
            const Overview overview = overviewFor(s, block, "mix");
            for (const OverviewPart* part : overview.parts()) {
                const std::string where = std::string(form.name) + ": " + part->id + " -> " + part->stage;
                QVERIFY2(part->there == part->leads() && part->block < blocks, where.c_str());
                if (part->leads()) QVERIFY2(walks[static_cast<std::size_t>(part->block)].find(part->stage), where.c_str());
            }
        }
    }
}

void OverviewTest::everyStageHappensSomewhere() {
    for (const NamedConfig& form : formsOpenedForward()) {
        const Subject s = subjectOf(form.config);
        for (int block = 0; block < static_cast<int>(s.model->attentionBlocks().size()); ++block)
            for (const Stage& stage : walkOf(s, questionOf(s, block, 0, 1, 0)).stages) {
                const Overview overview = overviewFor(s, block, stage.id);
                const std::string where = std::string(form.name) + ": block " + std::to_string(block) + " " + stage.id;
                QVERIFY2(overview.find(overview.current), where.c_str());
                const auto parts = overview.parts();
                QVERIFY2(std::ranges::count_if(parts,
                                               [&](const OverviewPart* part) {
                                                   return std::ranges::find(part->covers, stage.id) != part->covers.end();
                                               }) <= 1,
                         where.c_str());
            }
    }
}

void OverviewTest::partsHaveNamesOfTheirOwn() {
    for (const NamedConfig& form : formsOpenedForward()) {
        const Subject s = subjectOf(form.config);
        for (int block = 0; block < static_cast<int>(s.model->attentionBlocks().size()); ++block) {
            std::set<std::string> ids;
            const Overview overview = overviewFor(s, block, "mix");
            for (const OverviewPart* part : overview.parts()) {
                QVERIFY2(ids.insert(part->id).second, part->id.c_str());
                QVERIFY(!part->name.empty() && !part->meaning.empty());
            }
        }
    }
}

void OverviewTest::whatIsLackingSaysWhatSwitchesIt() {
    for (const NamedConfig& form : walkedForms()) {
        const Subject s = subjectOf(form.config);
        for (int block = 0; block < static_cast<int>(s.model->attentionBlocks().size()); ++block) {
            const Overview overview = overviewFor(s, block, "mix");
            for (const OverviewPart* part : overview.parts()) {
                const bool ofInput = part->id.ends_with(".loss") || part->id.ends_with("cross_attention.mask");
                QVERIFY2(part->there || ofInput == part->key.empty(), part->id.c_str());
            }
        }
    }
    const Overview plain = overviewFor(subjectNamed("qkv"), 0, "mix");
    const OverviewPart* rope = plain.find("encoder.0.attention.rotate");
    QVERIFY(rope && !rope->there);
    QCOMPARE(rope->key, std::string("model.position.kind"));
    QVERIFY(plain.sides[0].there && !plain.sides[1].there);
}

void OverviewTest::normsStandWhereTheyAre() {
    const Overview post = overviewFor(subjectNamed("qkv"), 0, "mix");
    for (const OverviewRow& row : post.sides[0].rows) {
        QVERIFY(row.before.empty());
        QCOMPARE(row.after.size(), row.sum.size());
    }
    const Overview pre = overviewFor(subjectNamed("encoder-decoder pre-norm layer"), 0, "mix");
    QVERIFY(pre.find("encoder.final.norm") && pre.find("decoder.final.norm"));
    QVERIFY(!post.find("encoder.final.norm"));
    for (const OverviewSide& side : pre.sides)
        for (const OverviewRow& row : side.rows) {
            QVERIFY(row.after.empty());
            QCOMPARE(row.before.size(), row.sum.size());
        }
}

void OverviewTest::onlyTheDecoderReadsTheEncoder() {
    const Subject s = subjectNamed("encoder-decoder pre-norm layer");
    for (int block = 0; block < static_cast<int>(s.model->attentionBlocks().size()); ++block) {
        const Overview overview = overviewFor(s, block, "mix");
        int readers = 0;
        for (const OverviewRow& row : overview.sides[0].rows) QVERIFY(!row.readsMemory);
        for (const OverviewRow& row : overview.sides[1].rows) readers += row.readsMemory;
        QCOMPARE(readers, *s.model->config().num_decoder_layers);
    }
}

QTEST_APPLESS_MAIN(OverviewTest)
#include "overview_test.moc"
