#include "ui/pages/memory/evidence_tab.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QPlainTextEdit>
#include <QSpinBox>

#include "tests/patience.h"
#include "ui/pages/memory/concept_panel.h"
#include "ui/pages/memory/gram_panel.h"
#include "ui/pages/memory/memory_page.h"
#include "ui/widgets/problem_label.h"
#include "ui/widgets/table/data_table.h"
#include "ui/widgets/table/text_table.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

struct EvidenceBench {
    Focus focus;
    MemoryPage page{focus};

    EvidenceBench() {
        page.resize(1100, 560);
        page.showTab(QStringLiteral("evidence"));
        static_cast<QWidget&>(page).show();
    }
    EvidenceTab& tab() const { return dynamic_cast<EvidenceTab&>(page.tab()); }
    ConceptPanel& concepts() const { return tab().concepts(); }
    GramPanel& gram() const { return tab().gram(); }
    template <class Part>
    Part& part(const char* name) const {
        return *page.findChild<Part*>(QString::fromLatin1(name));
    }
    void click(const char* name) { QTest::mouseClick(&part<QWidget>(name), Qt::LeftButton); }
};

}  // namespace

class EvidenceTabTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void theExampleDisagrees() {
        EvidenceBench bench;
        QVERIFY(bench.concepts().verdict().startsWith(QStringLiteral("Hebb puts ")));
        QCOMPARE(bench.concepts().table().table().rows.size(), bench.concepts().rows().size());
    }

    void aSessionKeepsThePairAndTheCut() {
        EvidenceBench bench;
        const QJsonObject first = bench.concepts().notes();
        QVERIFY(first.isEmpty());
        auto& nodes = bench.part<QComboBox>("memory.evidence.second");
        nodes.setCurrentIndex(2);
        emit nodes.activated(2);
        bench.part<QSpinBox>("memory.evidence.cut").setValue(3);
        const QJsonObject notes = bench.concepts().notes();
        EvidenceBench other;
        other.concepts().takeNotes(notes);
        QCOMPARE(other.part<QComboBox>("memory.evidence.second").currentIndex(), 2);
        QCOMPARE(other.part<QSpinBox>("memory.evidence.cut").value(), 3);
        QCOMPARE(other.concepts().notes(), notes);
        other.concepts().takeNotes({});
        QVERIFY(other.concepts().notes().isEmpty());
    }

    void typedEventsCountAtOnce() {
        EvidenceBench bench;
        bench.part<QPlainTextEdit>("memory.evidence.events").setPlainText(QStringLiteral("2 x a b\na\n"));
        const std::vector<PairRow>& rows = bench.concepts().rows();
        QCOMPARE(rows.size(), std::size_t{2});
        QCOMPARE(rows[0].weight, 2.0);
        QCOMPARE(rows[0].evidence, (Evidence{2, 3}));
        QCOMPARE(bench.concepts().verdict().startsWith(QStringLiteral("Hebb puts")), false);
    }

    void clickedEventsAreTyped() {
        EvidenceBench bench;
        bench.concepts().setText(QStringLiteral("a b\n"));
        bench.click("memory.evidence.both");
        bench.click("memory.evidence.first_only");
        bench.click("memory.evidence.second_only");
        bench.click("memory.evidence.neither");
        QCOMPARE(countPair(bench.concepts().stream(), 0, 1), (PairCounts{2, 1, 1, 1}));
        auto& text = bench.part<QPlainTextEdit>("memory.evidence.events");
        text.undo();
        QVERIFY(bench.concepts().stream().events.size() < 5);
    }

    void aBadLineIsNamedAndTheLastGoodEventsStay() {
        EvidenceBench bench;
        const auto before = bench.concepts().stream();
        bench.concepts().setText(QStringLiteral("a b\n0 x a"));
        const auto* problem = bench.tab().findChild<ProblemLabel*>();
        QCOMPARE(problem->sentence(), QStringLiteral("line 2: “0” before x is no number from 1 to 5000"));
        QVERIFY(bench.concepts().stream() == before);
        bench.concepts().setText(QStringLiteral("a b"));
        QVERIFY(problem->sentence().isEmpty());
    }

    void plusMinusCountsBothOff() {
        EvidenceBench bench;
        bench.concepts().setText(QStringLiteral("a b\n5 x -\n"));
        QCOMPARE(bench.concepts().rows().front().weight, 1.0);
        QJsonObject notes = bench.concepts().notes();
        notes[QStringLiteral("states")] = 1;
        bench.concepts().takeNotes(notes);
        QCOMPARE(bench.concepts().rows().front().weight, 6.0);
        QCOMPARE(bench.concepts().rows().front().evidence, (Evidence{1, 1}));
    }

    void revisionIsCounting() {
        EvidenceBench bench;
        bench.part<QSpinBox>("memory.evidence.cut").setValue(4);
        const auto& rows = bench.part<TextTable>("memory.evidence.revision").rows();
        QVERIFY(rows.back().cells.front().startsWith(QChar(0x2713)));
        QCOMPARE(rows[2].cells[3], rows[3].cells[3]);
        QCOMPARE(rows[2].cells[4], rows[3].cells[4]);
    }

    void vectorsAreMixedByHand() {
        EvidenceBench bench;
        bench.part<QDoubleSpinBox>("memory.evidence.x00").setValue(2);
        QCOMPARE(bench.gram().vectors().row(0)[0], 2.0);
        QVERIFY(bench.gram().byHand().contains(QStringLiteral("x0 · x0 = 2 · 2 + 0 · 0 = 4")));
        QCOMPARE(bench.gram().mixing().rowSums.size(), std::size_t{3});
        bench.gram().setKind(GramWeights::softmax);
        for (const double sum : bench.gram().mixing().rowSums) QVERIFY(std::abs(sum - 1) < 1e-12);
    }

    void notesComeBack() {
        EvidenceBench bench;
        QVERIFY(bench.tab().notes().isEmpty());
        bench.concepts().setText(QStringLiteral("cat purrs\n"));
        bench.part<QDoubleSpinBox>("memory.evidence.x11").setValue(-3);
        bench.gram().setKind(GramWeights::withBeta);
        EvidenceBench other;
        other.page.takeNotes(bench.page.notes());
        QCOMPARE(other.concepts().text(), QStringLiteral("cat purrs\n"));
        QCOMPARE(other.gram().vectors(), bench.gram().vectors());
        QCOMPARE(other.gram().mixing().mixed, bench.gram().mixing().mixed);
    }

    void everythingCanBeExported() {
        EvidenceBench bench;
        bench.page.grab();
        const std::vector<FigureOffer> offers = bench.page.figures();
        QVERIFY(offers.size() >= 4);
        for (const FigureOffer& offer : offers) {
            const PrintTheme paper;
            QVERIFY2(!offer.make()->table().rows.empty(), qPrintable(offer.name));
        }
    }
};

QTEST_MAIN(EvidenceTabTest)
#include "evidence_tab_test.moc"
