#include "ui/pages/text/corpus_tab.h"

#include <QClipboard>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTemporaryDir>

#include "core/config/experiment.h"
#include "core/data/loaded_task.h"
#include "tests/ui/runs/run_fixture.h"
#include "ui/pages/text/change_view.h"
#include "ui/pages/text/cleaning_table.h"
#include "ui/pages/text/corpus_counts.h"
#include "ui/pages/text/corpus_documents.h"
#include "ui/pages/text/paste_dialog.h"
#include "ui/pages/text/zipf_panel.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/table/text_table.h"
#include "ui/widgets/theme.h"

using namespace lab;

class CorpusTabTest : public QObject {
    Q_OBJECT

    struct Desk {
        Workspace workspace;
        Focus focus;
        CorpusTab tab{focus};

        Desk() {
            tab.resize(1180, 580);
            tab.show();
        }
        template <class Widget>
        Widget& part(const char* name) {
            return *tab.findChild<Widget*>(QLatin1String(name));
        }
        void open(const QString& path) {
            tab.open({path});
            [this] { QTRY_VERIFY(tab.ready()); }();
        }
    };

    QString text(int documents) {
        const QString path = m_folder.filePath(QStringLiteral("tales%1.txt").arg(documents));
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly)) qFatal("cannot write");
        for (int i = 0; i < documents; ++i)
            file.write("Tale " + QByteArray::number(i) +
                       " of the\xC2\xA0"
                       "fox and the hen.\r\nThe fox \xE2\x80\x9Cran\xE2\x80\x9D.\r\n\r\n");
        return path;
    }
    static std::size_t rule(const char* name) { return static_cast<std::size_t>(CleaningRule::find(name)); }

private slots:
    void initTestCase() {
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void withoutATextOneIsAskedFor() {
        Desk desk;
        QVERIFY(desk.part<QWidget>("text.corpus.empty").isVisible());
        QVERIFY(!desk.part<DataTable>("text.corpus.documents").isVisible());
        QVERIFY(desk.tab.figures().empty());
        QCOMPARE(desk.tab.heading().title, QStringLiteral("Corpus"));
    }

    void anOpenedTextIsShown() {
        Desk desk;
        desk.open(text(60));
        QVERIFY(!desk.part<QWidget>("text.corpus.empty").isVisible());
        auto& table = desk.part<DataTable>("text.corpus.documents");
        QCOMPARE(table.places().size(), std::size_t(60));
        QCOMPARE(table.columns()[1].cell(3).text, QStringLiteral("Tale 3 of the fox and the hen."));
        QCOMPARE(desk.tab.heading().title, QStringLiteral("tales60.txt"));
        QCOMPARE(desk.tab.heading().detail, QStringLiteral("60 documents"));
        const auto& rows = desk.tab.findChild<CorpusCounts*>()->counts().rows();
        QCOMPARE(rows[0].cells[1], QStringLiteral("60"));
        QVERIFY(desk.tab.findChild<CorpusCounts*>()->notes().contains("eight words"));
    }

    void aDocumentShowsWhatWasChanged() {
        Desk desk;
        desk.open(text(30));
        auto& change = desk.part<ChangeView>("text.corpus.change");
        auto& how = desk.part<SegmentedControl>("text.corpus.how");
        QVERIFY2(change.toPlainText().startsWith("Tale 0 of theU+00A0\u00B7fox and the hen.CR\u21B5\nThe fox"),
                 qPrintable(change.toPlainText()));
        how.setCurrent(1);
        emit how.chosen(1);
        QCOMPARE(change.toPlainText(), QStringLiteral("Tale 0 of the fox and the hen.\nThe fox \u201Cran\u201D."));
        how.setCurrent(2);
        emit how.chosen(2);
        QVERIFY(change.toPlainText().contains(QChar(0xA0)) || change.document()->characterAt(13) == QChar(0xA0));
        how.setCurrent(0);
        emit how.chosen(0);
        desk.tab.findChild<CorpusDocuments*>()->choose(7);
        QVERIFY(change.toPlainText().startsWith("Tale 7"));
        QVERIFY(change.goToNextPlace(CleaningRule::find("spaces")));
        QCOMPARE(change.textCursor().selectedText(), QStringLiteral("U+00A0\u00B7"));
        QVERIFY(!change.goToNextPlace(CleaningRule::find("quotes")));
    }

    void aBoxSwitchesItsRuleAndAllIsCountedAnew() {
        Desk desk;
        desk.open(text(30));
        auto& rules = desk.part<CleaningTable>("text.corpus.rules");
        const std::size_t quotes = rule("quotes");
        QVERIFY(!rules.isOn(quotes));
        QCOMPARE(rules.columns()[3].cell(quotes).text, QStringLiteral("off"));
        QCOMPARE(rules.columns()[0].spoken(quotes), QStringLiteral("off"));
        const QRect cell = rules.visualRect(rules.model()->index(static_cast<int>(quotes), CleaningTable::boxColumn));
        rules.scrollTo(rules.model()->index(static_cast<int>(quotes), 0));
        Q_UNUSED(cell)
        QTest::mouseClick(rules.viewport(), Qt::LeftButton, {},
                          rules.visualRect(rules.model()->index(static_cast<int>(quotes), 0)).center());
        QVERIFY(rules.isOn(quotes));
        QTRY_VERIFY(desk.tab.ready());
        QCOMPARE(rules.columns()[3].cell(quotes).text, QStringLiteral("60"));
        QVERIFY(desk.part<ChangeView>("text.corpus.change").toPlainText().contains("\u201C\"ran\u201D\""));
        rules.setChosen(quotes);
        QTest::keyClick(&rules, Qt::Key_Space);
        QVERIFY(!rules.isOn(quotes));
        QTRY_VERIFY(desk.tab.ready());
    }

    void theNextPlaceOfARuleIsFoundThroughTheDocuments() {
        Desk desk;
        desk.open(text(30));
        auto* documents = desk.tab.findChild<CorpusDocuments*>();
        const int spaces = CleaningRule::find("spaces");
        QVERIFY(documents->goToNextPlace(spaces));
        QCOMPARE(documents->chosen(), std::optional<std::size_t>(0));
        QVERIFY(documents->goToNextPlace(spaces));  // it has one
        QCOMPARE(documents->chosen(), std::optional<std::size_t>(1));
        documents->choose(29);
        QVERIFY(documents->goToNextPlace(spaces) && documents->goToNextPlace(spaces));
        QCOMPARE(documents->chosen(), std::optional<std::size_t>(0));
        QVERIFY(!documents->goToNextPlace(CleaningRule::find("quotes")));
        QVERIFY(documents->goToNextPlace(-1));
    }

    void clicksOnARuleWalkThroughItsPlaces() {
        Desk desk;
        desk.open(text(30));
        auto* documents = desk.tab.findChild<CorpusDocuments*>();
        auto& rules = desk.part<CleaningTable>("text.corpus.rules");
        auto& how = desk.part<SegmentedControl>("text.corpus.how");
        how.setCurrent(1);
        emit how.chosen(1);
        const int row = static_cast<int>(rule("spaces"));
        const auto click = [&] {
            const QRect place = rules.visualRect(rules.model()->index(row, 1));
            QTest::mouseClick(rules.viewport(), Qt::LeftButton, {}, place.center());
        };
        for (std::size_t document = 0; document < 4; ++document) {  // one in each
            click();
            QCOMPARE(documents->chosen(), std::optional(document));
            QCOMPARE(how.current(), 0);
            QCOMPARE(documents->change().textCursor().selectedText(), QStringLiteral("U+00A0\u00B7"));
        }
        QVERIFY(rules.isOn(rule("spaces")));
    }

    void documentsCanBeFiles() {
        Desk desk;
        desk.open(text(30));
        auto& cut = desk.part<SegmentedControl>("text.corpus.cut");
        cut.setCurrent(1);
        emit cut.chosen(1);
        QTRY_VERIFY(desk.tab.ready());
        QCOMPARE(desk.part<DataTable>("text.corpus.documents").places().size(), std::size_t(1));
        QCOMPARE(desk.part<DataTable>("text.corpus.documents").columns()[4].cell(0).text, QStringLiteral("both"));
        QVERIFY(desk.tab.findChild<CorpusCounts*>()->notes().contains("With 1 document"));
    }

    void wordsLeadToTheirDocuments() {
        Desk desk;
        desk.open(text(30));
        auto* zipf = desk.tab.findChild<ZipfPanel*>();
        const auto& words = zipf->plot().series().front();
        QCOMPARE(words.y.front(), 60.0);  // "the" twice in each
        QCOMPARE(words.pointNames.front().first, std::size_t{0});
        QVERIFY(!words.pointNames.front().second.isEmpty());
        QVERIFY(words.pointNames.size() > 2 && words.pointNames.size() < 12);
        QCOMPARE(words.pointNames.back().first, words.x.size() - 1);
        zipf->plot().setFocus();
        QTest::keyClick(&zipf->plot(), Qt::Key_Home);
        QCOMPARE(zipf->pointed(), std::optional<std::size_t>(0));
        QSignalSpy chosen(zipf, &ZipfPanel::wordChosen);
        QTest::keyClick(&zipf->plot(), Qt::Key_Return);
        QCOMPARE(chosen.size(), 1);
        auto& find = desk.part<QLineEdit>("text.corpus.find");
        QCOMPARE(find.text(), chosen.front().front().toString());
        desk.tab.findChild<CorpusDocuments*>()->find(QStringLiteral("Tale 12"));
        auto& table = desk.part<DataTable>("text.corpus.documents");
        QCOMPARE(table.places(), std::vector<std::size_t>{12});
        QCOMPARE(desk.tab.findChild<CorpusDocuments*>()->chosen(), std::optional<std::size_t>(12));
        QVERIFY(!desk.part<ChangeView>("text.corpus.change").extraSelections().isEmpty());
        find.clear();
        QTRY_COMPARE(table.places().size(), std::size_t(30));
    }

    void ranksThinOutAsALogarithmicAxisDoes() {
        QVERIFY(drawnRanks(0).empty());
        QCOMPARE(drawnRanks(3), (std::vector<std::size_t>{0, 1, 2}));
        const auto ranks = drawnRanks(300000);
        QVERIFY(ranks.size() < 1000 && ranks.front() == 0 && ranks.back() == 299999);
        QVERIFY(std::ranges::is_sorted(ranks));
    }

    void theFingerprintIsCopied() {
        Desk desk;
        desk.open(text(30));
        desk.part<QAbstractButton>("text.corpus.copy").click();
        const QString copied = QGuiApplication::clipboard()->text();
        QVERIFY(copied.contains(QString::fromStdString(desk.tab.draft().view()->corpus.rawHash)));
        QVERIFY(copied.contains(QString::fromStdString(desk.tab.draft().view()->corpus.cleanHash)));
    }

    void latin1IsOfferedWhereItHelps() {
        Desk desk;
        desk.open(text(30));
        const QString path = m_folder.filePath("latin.txt");
        {
            QFile file(path);
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write("d\xE9j\xE0 vu\n");
        }
        desk.tab.add({path});
        QTRY_VERIFY(desk.tab.ready());
        QVERIFY(desk.part<QWidget>("text.corpus.problem").isVisible());
        QCOMPARE(desk.part<DataTable>("text.corpus.documents").places().size(), std::size_t(30));
        desk.part<QAbstractButton>("text.corpus.latin1").click();
        QTRY_VERIFY(desk.tab.ready());
        QVERIFY(!desk.part<QWidget>("text.corpus.problem").isVisible());
        QCOMPARE(desk.part<DataTable>("text.corpus.documents").places().size(), std::size_t(31));
    }

    void pastedTextIsAText() {
        Desk desk;
        desk.tab.paste(QStringLiteral("First words.\n\nSecond words, more of them."));
        QTRY_VERIFY(desk.tab.ready());
        QCOMPARE(desk.part<DataTable>("text.corpus.documents").places().size(), std::size_t(2));
        QVERIFY(desk.tab.controls()->findChild<QAbstractButton*>("text.corpus.use")->isEnabled());  // a file is made of it
        desk.tab.paste(QStringLiteral("  \n"));
        QVERIFY(desk.tab.ready());
        PasteDialog dialog;
        QVERIFY(!dialog.findChild<QAbstractButton*>("text.paste.add")->isEnabled());
    }

    void everyPictureIsOffered() {
        Desk desk;
        desk.open(text(60));
        QStringList names;
        for (const FigureOffer& offer : desk.tab.figures()) {
            names << offer.name;
            const auto figure = offer.make();
            QVERIFY(figure && !figure->table().rows.empty());
            QVERIFY(figure->size().width() > 50);
        }
        QCOMPARE(names, (QStringList{"How often each word occurs", "Counts of the text", "Lengths of the documents", "Split of the text",
                                     "Documents", "Cleaning report"}));
    }

    void aNewRunMayUseIt() {
        Desk desk;
        const QString path = text(30);
        desk.open(path);
        QSignalSpy wanted(&desk.tab, &PageTab::textWanted);
        desk.tab.controls()->findChild<QAbstractButton*>("text.corpus.use")->click();
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(wanted.front().front().toStringList(), QStringList{path});
    }

    void aRunsTextComesByItself() {
        Desk desk;
        Experiment experiment;
        experiment.name = "Tales";
        experiment.task.kind = "text";
        experiment.task.path = text(60).toStdString();
        experiment.task.text.cleaning = std::vector<std::string>{"line_ends", "spaces"};
        experiment.task.seq_len = 8;
        experiment.model.architecture = Architecture::decoder;
        experiment.model.d_model = 16;
        experiment.model.num_layers = 1;
        experiment.model.num_heads = 2;
        experiment.training.steps = 5;
        experiment.training.batch_size = 4;
        desk.focus.setRun(desk.workspace.add(loadTask(experiment, {})));
        desk.tab.refresh();
        QTRY_VERIFY(desk.tab.ready() && desk.tab.draft().view());
        QCOMPARE(desk.tab.heading().title, QStringLiteral("tales60.txt"));
        QCOMPARE(desk.tab.draft().settings().cleaning, *experiment.task.text.cleaning);
        QVERIFY(!desk.part<CleaningTable>("text.corpus.rules").isOn(rule("nfc")));
        // What is opened then stays, until another run is looked at.
        desk.open(text(30));
        desk.tab.refresh();
        QTRY_VERIFY(desk.tab.ready());
        QCOMPARE(desk.part<DataTable>("text.corpus.documents").places().size(), std::size_t(30));
        desk.focus.setRun(desk.workspace.add(smallTask(5)));
        desk.tab.refresh();
        QVERIFY(desk.tab.ready());
        QCOMPARE(desk.part<DataTable>("text.corpus.documents").places().size(), std::size_t(30));
    }

    void signsStandForWhatCannotBeSeen() {
        QCOMPARE(visibleText(" \t\n\r\u200B\u00A0\u0301x\u00E9"), QStringLiteral("\u00B7\u2192\u21B5\nCRU+200BU+00A0U+0301x\u00E9"));
    }

private:
    QTemporaryDir m_folder;
};

QTEST_MAIN(CorpusTabTest)
#include "corpus_tab_test.moc"
