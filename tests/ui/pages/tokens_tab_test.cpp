#include "ui/pages/text/tokens_tab.h"

#include <QComboBox>
#include <QFile>
#include <QLineEdit>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QtTest>

#include "core/base/files.h"
#include "core/data/tokenizers/pipeline/plain_tokenizers.h"
#include "tests/ui/runs/run_fixture.h"
#include "tests/ui/widgets/picture_testing.h"
#include "ui/pages/text/merge_strip.h"
#include "ui/pages/text/merge_table.h"
#include "ui/pages/text/merge_tree_view.h"
#include "ui/pages/text/tokenizer_dialog.h"
#include "ui/pages/text/tokenizer_panel.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/theme.h"

using namespace lab;

namespace {

std::shared_ptr<const std::string> corpus() {
    std::string text;
    for (int i = 0; i < 60; ++i) text += "the fox in the garden said thank you to the clever fox. ";
    return std::make_shared<const std::string>(text);
}

}  // namespace

class TokensTabTest : public QObject {
    Q_OBJECT

    struct Bench {
        Focus focus;
        TokensTab tab{focus};

        Bench() {
            tab.resize(1164, 560);
            tab.show();
            tab.setCorpus(corpus(), QStringLiteral("fox.txt"));
            tab.text().setText(QStringLiteral("the garden said"));
            tab.refresh();
            settle();
        }
        void settle() {
            [this] { QTRY_VERIFY(tab.ready() && tab.panel(1).known() && tab.panel(0).known()); }();
        }
        int last() const { return tab.table().model()->rowCount(); }
    };

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void aTextIsCutTwice() {
        Bench bench;
        QCOMPARE(bench.tab.panel(0).tokens().size(), 15U);  // characters
        QCOMPARE(bench.tab.panel(1).tokens().size(), 3U);   // words that the corpus has
        QVERIFY(bench.tab.panel(0).chips().chips()[0].bits.has_value());
        bench.tab.text().setText(QStringLiteral("fox"));
        QCOMPARE(bench.tab.panel(0).tokens().size(), 3U);
        bench.tab.text().setText({});
        QVERIFY(bench.tab.panel(0).tokens().empty());
    }

    void anotherTokenizerIsMadeBesideTheWindow() {
        Bench bench;
        QComboBox& sources = bench.tab.panel(0).sources();
        sources.setCurrentIndex(1);
        emit sources.activated(1);
        bench.settle();
        QCOMPARE(bench.tab.panel(0).known()->pipeline->size(), 256);
        bench.tab.panel(1).pieces().setValue(260);
        QTRY_COMPARE(bench.tab.panel(1).known()->pipeline->size(), 260);
        QVERIFY(bench.tab.panel(1).tokens().size() > 3);
    }

    void theRunsOwnTokenizerIsOfferedWhenThereIsOne() {
        Bench bench;
        Workspace workspace;
        bench.focus.setRun(workspace.add(smallTask(5)));
        bench.tab.setOwnTokenizer(byteTokenizerJson());
        emit bench.tab.panel(0).sources().activated(3);
        bench.settle();
        QTRY_COMPARE(bench.tab.panel(0).known()->pipeline->size(), 256);
        bench.focus.setRun(nullptr);
    }

    void aRunOnTextBringsItsTextAndItsTokenizer() {
        QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("fox.txt")));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(corpus()->c_str()) > 0);
        file.close();
        Experiment experiment;
        experiment.name = "Foxes";
        experiment.task.kind = "text";
        experiment.task.path = "fox.txt";
        experiment.task.seq_len = 8;
        experiment.task.text.tokenizer = "bytes";
        experiment.model.architecture = Architecture::decoder;
        experiment.model.d_model = 16;
        experiment.model.num_heads = 2;
        experiment.model.num_layers = 1;
        Workspace workspace;
        Bench bench;
        Run* run = workspace.add(loadTask(experiment, folder.path().toStdString()));
        bench.focus.setRun(run);
        bench.tab.refresh();
        QCOMPARE(bench.tab.heading().title, run->name());
        // Bytes have no merges: beside them stands what merging makes of them.
        QCOMPARE(bench.tab.panel(0).sources().currentIndex(), 3);
        QCOMPARE(bench.tab.panel(1).sources().currentIndex(), 2);
        QTRY_VERIFY(bench.tab.ready() && bench.tab.panel(0).known()->pipeline->size() == 256);
        QVERIFY(bench.tab.panel(0).known()->study.characters > 1000);
        bench.tab.findChild<QAbstractButton*>(QStringLiteral("text.tokens.from_input"))->click();
        QVERIFY(!bench.tab.text().text().isEmpty() && !bench.tab.text().text().contains(QStringLiteral("  ")));
        bench.focus.setRun(workspace.add(smallTask(5)));
        bench.tab.refresh();
        QVERIFY(bench.tab.panel(1).sources().currentIndex() != 3);
        QTRY_VERIFY(bench.tab.ready());
        bench.focus.setRun(nullptr);
    }

    void aCharacterWithoutATokenIsNamed() {
        Bench bench;
        bench.tab.text().setText(QStringLiteral("a fo\u017F"));
        QVERIFY(bench.tab.panel(0).subtitle().contains(QStringLiteral("\u017F")));
    }

    void sliderListCurveAndTreeMoveTogether() {
        Bench bench;
        const int last = bench.last();
        QVERIFY(last > 20);
        QCOMPARE(bench.tab.merges(), -1);  // all
        bench.tab.showMerges(7);
        QCOMPARE(bench.tab.strip().merges(), 7);
        QCOMPARE(bench.tab.table().chosen(), std::optional<std::size_t>(6));
        QCOMPARE(bench.tab.tree().picture().merges, 7);
        QCOMPARE(bench.tab.curve().scene().hand->x, 256.0 + 7);
        bench.tab.table().setCurrentIndex(bench.tab.table().model()->index(11, 0));
        QCOMPARE(bench.tab.strip().merges(), 12);
        emit bench.tab.curve().handMoved(256.0 + 3);
        QCOMPARE(bench.tab.strip().merges(), 3);
        bench.tab.showMerges(100'000);
        QCOMPARE(bench.tab.strip().merges(), last);
        bench.tab.showMerges(-4);
        QCOMPARE(bench.tab.strip().merges(), 0);
    }

    void keysMoveByOneByTenAndToTheEnds() {
        Bench bench;
        auto* slider = bench.tab.findChild<QWidget*>(QStringLiteral("text.tokens.merges.slider"));
        bench.tab.showMerges(5);
        QTest::keyClick(slider, Qt::Key_Right);
        QCOMPARE(bench.tab.strip().merges(), 6);
        QTest::keyClick(slider, Qt::Key_Right, Qt::ShiftModifier);
        QCOMPARE(bench.tab.strip().merges(), 16);
        QTest::keyClick(slider, Qt::Key_Left);
        QCOMPARE(bench.tab.strip().merges(), 15);
        QTest::keyClick(slider, Qt::Key_Home);
        QCOMPARE(bench.tab.strip().merges(), 0);
        QTest::keyClick(slider, Qt::Key_End);
        QCOMPARE(bench.tab.strip().merges(), bench.last());
    }

    void aClickedWordIsBuiltAsATree() {
        Bench bench;
        auto& chips = bench.tab.panel(1).chips();
        QTest::mouseClick(&chips, Qt::LeftButton, {}, chips.chipRect(1).center());
        QCOMPARE(bench.tab.tree().picture().word, QStringLiteral(" garden"));
        QCOMPARE(bench.tab.tree().picture().tree.leaves, 7);
        QVERIFY(valueOf(bench.tab.tree()).contains(QStringLiteral("garden")));
        const QImage built = bench.tab.tree().grab().toImage();
        bench.tab.showMerges(0);
        QVERIFY(bench.tab.tree().grab().toImage() != built);
        QCOMPARE(bench.tab.tree().picture().tree.tokensAfter(0).size(), 7U);
    }

    void withoutMergesItSaysSo() {
        Bench bench;
        emit bench.tab.panel(1).sources().activated(0);
        bench.settle();
        QTRY_COMPARE(bench.last(), 0);
        QCOMPARE(bench.tab.tree().picture().tree.leaves, 0);
        QVERIFY(!bench.tab.tree().picture().empty.isEmpty());
    }

    void everythingIsExported() {
        Bench bench;
        const auto offers = bench.tab.figures();
        QCOMPARE(offers.size(), 5U);  // two texts, tree, curve, list
        for (const FigureOffer& offer : offers) {
            const auto figure = offer.make();
            QVERIFY2(figure && !figure->table().rows.empty(), qPrintable(offer.name));
            QVERIFY(!figure->caption.isEmpty());
        }
        const auto text = offers[1].make();
        QCOMPARE(text->table().rows.size(), 3U);
        QCOMPARE(text->table().rows[1][2], std::string(" garden"));
    }

    void fromCorpusGoesOnFromPassageToPassage() {
        Bench bench;
        auto* button = bench.tab.findChild<QAbstractButton*>(QStringLiteral("text.tokens.from_corpus"));
        button->click();
        const QString first = bench.tab.text().text();
        QVERIFY(first.startsWith(QStringLiteral("the fox in the garden")));
        button->click();
        QVERIFY(bench.tab.text().text() != first);
    }

    void withoutACorpusTheTextCountsInItself() {
        Bench bench;
        bench.tab.setCorpus(nullptr, {});
        bench.tab.text().setText(QStringLiteral("aab"));
        QTRY_VERIFY(bench.tab.ready() && bench.tab.panel(0).known()->study.characters == 3);
        QTRY_COMPARE(bench.tab.panel(0).chips().chips()[2].bits, std::optional<double>(std::log2(3.0)));
    }

    void aSessionKeepsTextAndTokenizers() {
        Bench bench;
        emit bench.tab.panel(0).sources().activated(1);
        bench.tab.panel(1).pieces().setValue(270);
        const QJsonObject notes = bench.tab.notes();
        Bench other;
        other.tab.takeNotes(notes);
        QCOMPARE(other.tab.text().text(), QStringLiteral("the garden said"));
        QTRY_VERIFY(other.tab.ready() && other.tab.panel(1).known()->pipeline->size() == 270);
        QCOMPARE(other.tab.panel(0).sources().currentIndex(), 1);
        other.tab.takeNotes({{QStringLiteral("a"), QJsonObject{{QStringLiteral("kind"), 99}}}, {QStringLiteral("b"), 3}});
        QCOMPARE(other.tab.panel(0).sources().currentIndex(), 1);
    }

    void theDialogTrainsCancelsAndSaves() {
        TokenizerDialog dialog(corpus(), QStringLiteral("fox.txt"));
        dialog.show();
        QVERIFY(!dialog.saveButton().isEnabled());
        dialog.pieces().setValue(280);
        dialog.trainButton().click();
        QTRY_VERIFY(dialog.saveButton().isEnabled());
        QVERIFY(dialog.said().contains(QStringLiteral("24 merges")));
        QTemporaryDir folder;
        dialog.saveTo(folder.filePath(QStringLiteral("t.json")));
        const std::string json = readFile(folder.filePath(QStringLiteral("t.json")).toStdString());
        QCOMPARE(TextPipeline(json, "t.json").size(), 280);
        dialog.saveTo(folder.filePath(QStringLiteral("none/t.json")));
        QVERIFY(!dialog.problem().isEmpty());
        dialog.pieces().setValue(60'000);
        dialog.trainButton().click();
        if (dialog.trainButton().text() == TokenizerDialog::tr("Cancel")) dialog.trainButton().click();
        QCOMPARE(dialog.trainButton().text(), TokenizerDialog::tr("Train"));
    }
};

QTEST_MAIN(TokensTabTest)
#include "tokens_tab_test.moc"
