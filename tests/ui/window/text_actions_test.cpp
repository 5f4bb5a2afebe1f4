#include "ui/window/text_actions.h"

#include <QFile>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "core/data/loss_unit.h"
#include "core/data/text_dataset.h"
#include "tests/ui/window/text_desk.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/theme.h"

using namespace lab;

class TextActionsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        Theme::instance().apply();
    }

    void runningTextIsTaken() {
        TextDesk desk;
        QVERIFY(TextActions::takes(desk.write("book.txt", longText())));
        QVERIFY(TextActions::takes(desk.write("notes.md", "Some notes.\n")));
        QVERIFY(!TextActions::takes(desk.write("list.txt", "a cat\na dog\n")));
        QVERIFY(!TextActions::takes(desk.write("pairs.txt", QByteArray("1 2\t2 1\n").repeated(3000))));
        QVERIFY(!TextActions::takes(desk.write("table.csv", longText())));
        QVERIFY(!TextActions::takes(desk.at("nowhere.txt")));
        QVERIFY(TextActions::takes(desk.folder.path()));
        QVERIFY(TextActions::takes(QTemporaryDir().path()));  // whose dialog says that it has no texts
    }

    void aDroppedTextIsTrainedOn() {
        TextDesk desk;
        desk.drop({desk.write("book.txt", longText())});
        TextDialog* dialog = desk.dialog();
        QVERIFY(dialog);
        QTRY_VERIFY2(dialog->trainButton().isEnabled(), qPrintable(dialog->verdict()));
        QVERIFY2(dialog->verdict().contains("documents") && dialog->verdict().contains("ms here"), qPrintable(dialog->verdict()));
        QCOMPARE(dialog->experiment()->training.steps, 1500);
        // Some minutes instead of the recipe's steps; forty thousand characters are then read again and again.
        dialog->time().setCurrent(3);
        emit dialog->time().chosen(3);
        const Experiment longer = *dialog->experiment();
        QVERIFY(longer.training.steps != 1500);
        dialog->time().setCurrent(0);
        emit dialog->time().chosen(0);
        QCOMPARE(dialog->experiment()->model.dropout, 0.1);  // 1,500 steps of 1,024 tokens
        dialog->trainButton().click();
        QTRY_VERIFY(desk.focus.run() && lossUnitOf(*desk.focus.run()->dataset()).bitsPerByte);
        Run* run = desk.focus.run();
        QTRY_VERIFY(run->state() == Run::State::training && run->step() > 0);
        run->pause();
        QTRY_VERIFY(run->state() != Run::State::training);
        QCOMPARE(desk.window.problem(), QString());
        QVERIFY(desk.window.session().title().startsWith("First words"));
        // The same text with another step size is not read again.
        QFile::remove(desk.at("book.txt"));
        Experiment draft = desk.window.session().draft();
        draft.training.optimizer.learning_rate = 0.001;
        desk.window.session().setDraft(draft);
        QVERIFY(desk.window.session().startNewRun());
        QVERIFY(desk.focus.run() != run);
    }

    void severalTextsAreOne() {
        TextDesk desk;
        desk.drop({desk.write("one.txt", longText()), desk.write("two.md", "A boat left.\n\nAnother came.\n")});
        QVERIFY(desk.dialog());
        QTRY_VERIFY2(desk.dialog()->trainButton().isEnabled(), qPrintable(desk.dialog()->verdict()));
        desk.dialog()->openButton().click();
        QTRY_VERIFY(desk.focus.run() && desk.focus.run()->dataset()->tokenizer().isText());
        const auto& data = dynamic_cast<const TextDataset&>(*desk.focus.run()->dataset());
        QVERIFY((data.corpus().train + data.corpus().validation).find("Another came.") != std::string::npos);
        QCOMPARE(desk.focus.run()->step(), 0);
        QVERIFY(desk.focus.run()->state() != Run::State::training);
    }

    void whatIsNoTextIsSaidInTheDialog() {
        TextDesk desk;
        desk.drop({desk.write("short.md", "Hi.\n")});
        QVERIFY(desk.dialog());
        QTRY_VERIFY(!desk.dialog()->busy());
        QTRY_VERIFY2(desk.dialog()->verdict().contains("short.md") || desk.dialog()->verdict().contains("task"),
                     qPrintable(desk.dialog()->verdict()));
        QVERIFY(!desk.dialog()->trainButton().isEnabled());
        QCOMPARE(desk.window.session().presetName(), std::string("reverse"));
    }
};

QTEST_MAIN(TextActionsTest)
#include "text_actions_test.moc"
