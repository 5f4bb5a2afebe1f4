#include "ui/window/help_reader.h"

#include <QComboBox>
#include <QLineEdit>
#include <QListWidget>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextBrowser>
#include <QtTest>

#include "core/config/model_config.h"
#include "ui/widgets/theme.h"
#include "ui/window/help_pages.h"

using namespace lab;

class HelpReaderTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(); }

    void showsThePageWithItsSections() {
        HelpReader reader(*findHelpPage("formats"));
        QVERIFY(reader.text().toPlainText().contains("model.num_kv_heads"));
        QVERIFY(!reader.text().toPlainText().contains("generated:"));
        QVERIFY(reader.sections().count() > 20);
        QCOMPARE(reader.sections().item(0)->text().trimmed(), QString("1. The experiment (JSON)"));
    }

    void aSectionLeadsToItsPlace() {
        HelpReader reader(*findHelpPage("formats"));
        reader.show();
        QVERIFY(QTest::qWaitForWindowExposed(&reader));
        QCOMPARE(reader.text().verticalScrollBar()->value(), 0);
        const auto traces = reader.sections().findItems("3. Traces (safetensors)", Qt::MatchExactly);
        QCOMPARE(traces.size(), 1);
        reader.sections().setCurrentItem(traces.front());
        QCOMPARE(reader.text().textCursor().block().text(), QString("3. Traces (safetensors)"));
        QVERIFY(reader.text().cursorRect().top() >= 0 && reader.text().cursorRect().top() < 60);
        QVERIFY(reader.text().document()->size().width() <= reader.text().viewport()->width());
    }

    void whatIsTypedIsFoundAndFoundAgain() {
        HelpReader reader(*findHelpPage("formats"));
        reader.show();
        QTest::keyClicks(&reader.search(), "original_max_seq_len");
        QCOMPARE(reader.text().textCursor().selectedText(), QString("original_max_seq_len"));
        const int first = reader.text().textCursor().position();
        QTest::keyClick(&reader.search(), Qt::Key_Return);
        QVERIFY(reader.text().textCursor().position() > first);
        for (int i = 0; i < 30 && reader.text().textCursor().position() != first; ++i) QTest::keyClick(&reader.search(), Qt::Key_Return);
        QCOMPARE(reader.text().textCursor().position(), first);  // behind the last comes the first
        reader.search().setText("no such key");
        QVERIFY(reader.search().toolTip().contains("no such key"));
    }

    void everyPageIsChosenAndKeepsItsPlace() {
        HelpReader reader(*findHelpPage("formats"));
        reader.show();
        QVERIFY(QTest::qWaitForWindowExposed(&reader));
        reader.text().verticalScrollBar()->setValue(500);
        for (const HelpPage& page : helpPages()) {
            reader.pages().setCurrentText(titleOf(page));
            emit reader.pages().activated(reader.pages().currentIndex());
            QCOMPARE(&reader.page(), &page);
            QCOMPARE(reader.windowTitle(), titleOf(page));
            QVERIFY2(reader.sections().count() > 3, page.id);
        }
        reader.setPage(*findHelpPage("formats"));
        QCOMPARE(reader.text().verticalScrollBar()->value(), 500);
    }

    void aLinkLeadsToItsPage() {
        HelpReader reader(*findHelpPage("guide-researcher"));
        emit reader.text().anchorClicked(QUrl("formats.md"));
        QCOMPARE(QString(reader.page().id), QString("formats"));
        emit reader.text().anchorClicked(QUrl("guide-user.en.md"));
        QCOMPARE(QString(reader.page().id), QString("guide-user"));
    }

    void picturesAreThereAndFit() {
        HelpReader reader(*findHelpPage("guide-user"));
        for (const int width : {1000, 700}) {
            reader.resize(width, 600);
            reader.show();
            QVERIFY(QTest::qWaitForWindowExposed(&reader));
            QTRY_COMPARE(reader.width(), width);
            QVERIFY(reader.text().document()->size().width() <= reader.text().viewport()->width());
        }
    }

    void followsTheTheme() {
        HelpReader reader(*findHelpPage("formats"));
        const int sections = reader.sections().count();
        Theme::instance().setScale(2.0);
        QCOMPARE(reader.sections().count(), sections);
        QVERIFY(reader.text().toPlainText().contains("model.num_kv_heads"));
        Theme::instance().setScale(1.0);
    }
};

QTEST_MAIN(HelpReaderTest)
#include "help_reader_test.moc"
