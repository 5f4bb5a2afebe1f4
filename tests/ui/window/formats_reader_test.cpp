#include "ui/window/formats_reader.h"

#include <QLineEdit>
#include <QListWidget>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextBrowser>
#include <QtTest>

#include "core/config/model_config.h"
#include "ui/widgets/theme.h"

using namespace lab;

class FormatsReaderTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(); }

    void showsThePageWithItsSections() {
        FormatsReader reader;
        QVERIFY(reader.text().toPlainText().contains("model.num_kv_heads"));
        QVERIFY(!reader.text().toPlainText().contains("generated:"));
        QVERIFY(reader.sections().count() > 20);
        QCOMPARE(reader.sections().item(0)->text().trimmed(), QString("1. The experiment (JSON)"));
    }

    void aSectionLeadsToItsPlace() {
        FormatsReader reader;
        reader.show();
        QVERIFY(QTest::qWaitForWindowExposed(&reader));
        QCOMPARE(reader.text().verticalScrollBar()->value(), 0);
        const auto traces = reader.sections().findItems("3. Traces (safetensors)", Qt::MatchExactly);
        QCOMPARE(traces.size(), 1);
        reader.sections().setCurrentItem(traces.front());
        QCOMPARE(reader.text().textCursor().block().text(), QString("3. Traces (safetensors)"));
        QVERIFY(reader.text().cursorRect().top() >= 0 && reader.text().cursorRect().top() < 60);
        QVERIFY(!reader.text().horizontalScrollBar()->isVisible());
    }

    void whatIsTypedIsFoundAndFoundAgain() {
        FormatsReader reader;
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

    void followsTheTheme() {
        FormatsReader reader;
        const int sections = reader.sections().count();
        Theme::instance().setScale(2.0);
        QCOMPARE(reader.sections().count(), sections);
        QVERIFY(reader.text().toPlainText().contains("model.num_kv_heads"));
        Theme::instance().setScale(1.0);
    }
};

QTEST_MAIN(FormatsReaderTest)
#include "formats_reader_test.moc"
