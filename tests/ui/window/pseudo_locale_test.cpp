#include <QAbstractButton>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QScrollArea>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "tests/ui/text/pseudo_locale.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/theme.h"
#include "ui/window/file_actions.h"
#include "ui/window/main_window.h"

using namespace lab;

namespace {

/// Counts how often widgets get another size.
class ResizeCounter : public QObject {
public:
    int count = 0;

protected:
    bool eventFilter(QObject*, QEvent* event) override {
        if (event->type() == QEvent::Resize) ++count;
        return false;
    }
};

/// A text that is wider than its widget, and neither wraps nor is shortened.
bool isCut(const QWidget& widget) {
    if (const auto* label = qobject_cast<const QLabel*>(&widget))
        return !label->text().isEmpty() && !label->wordWrap() && !qobject_cast<const ElidedLabel*>(label) &&
               label->sizePolicy().horizontalPolicy() != QSizePolicy::Ignored && label->minimumSizeHint().width() > label->width();
    const auto* button = qobject_cast<const QAbstractButton*>(&widget);
    return button && !button->text().isEmpty() && button->minimumSizeHint().width() > button->width();
}

/// Reaches past the right edge of what it stands in, where nobody sees it.
bool isCovered(const QWidget& widget) {
    return widget.geometry().right() >= widget.parentWidget()->width();
}

}  // namespace

/// The window in a language whose texts are a third longer.
class PseudoLocaleTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        const auto found = findSentences(LAB_SOURCE_DIR);
        if (!found) {
            QVERIFY2(!qEnvironmentVariableIsSet("CI"), "lupdate is not installed");
            QSKIP("lupdate is not installed");
        }
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName("attention-lab-test");
        QCoreApplication::setApplicationName("pseudo_locale_test");
        QSettings().clear();
        m_locale = std::make_unique<PseudoLocale>(found->sentences);
        QVERIFY(QCoreApplication::installTranslator(m_locale.get()));
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void everyPageSettlesAndCutsNoText() {
        Workspace workspace;
        Focus focus;
        MainWindow window(workspace, focus);
        Run* run = window.session().openTask(smallTask(20));
        window.resize(1280, 800);
        window.show();
        run->train();
        QTRY_COMPARE(run->step(), 20);
        QStringList cut;
        for (int page = 0; page < static_cast<int>(window.pages().size()); ++page) {
            window.showPage(page);
            QTRY_COMPARE(focus.traceStep(), 20);
            // What is checked in a thread has its words later.
            if (const auto* check = window.findChild<QLabel*>("explain.check.links"); check && check->isVisible())
                QTRY_VERIFY(check->text().contains(QChar(0x2713)));
            if (const auto* flips = window.findChild<QLabel*>("memory.timeline.flips"); flips && flips->isVisible())
                QTRY_VERIFY(!flips->text().isEmpty());
            QVERIFY2(settles(), qPrintable(QString("page %1 does not settle").arg(page + 1)));
            for (const QWidget* each : window.findChildren<QWidget*>())
                if (each->isVisible() && (isCut(*each) || (qobject_cast<const QAbstractButton*>(each) && isCovered(*each))))
                    cut += QString("page %1: %2 %3").arg(page + 1).arg(each->metaObject()->className(), textOf(*each));
        }
        QCOMPARE(cut.join('\n'), QString());
    }

    void theTeachersViewCutsNoText() {
        const QTemporaryDir folder;
        Workspace workspace;
        Focus focus;
        MainWindow window(workspace, focus);
        FileActions files(window, folder.filePath("settings.ini"), folder.filePath("session.safetensors"));
        files.begin();
        window.resize(1280, 800);
        window.show();
        window.actions().find("view.parts")->trigger();
        window.findChild<QAbstractButton*>("parts.show.pace")->click();
        window.findChild<QAbstractButton*>("parts.save_as")->click();
        const auto* panel = window.findChild<QWidget*>("parts.panel");
        QVERIFY(panel->isVisible() && settles());
        QStringList cut;
        for (const QWidget* each : panel->findChildren<QWidget*>())
            if (each->isVisible() && (isCut(*each) || (qobject_cast<const QAbstractButton*>(each) && isCovered(*each))))
                cut += QString("%1 %2").arg(each->metaObject()->className(), textOf(*each));
        const auto* area = panel->findChild<QScrollArea*>();
        if (area->widget()->width() > area->viewport()->width())
            cut += QString("the content has %1 of %2").arg(area->viewport()->width()).arg(area->widget()->width());
        QCOMPARE(cut.join('\n'), QString());
        workspace.stop();
    }

    void cleanupTestCase() { QCoreApplication::removeTranslator(m_locale.get()); }

private:
    /// Whether the widgets keep their sizes after some rounds of layout.
    static bool settles() {
        ResizeCounter counter;
        QCoreApplication::instance()->installEventFilter(&counter);
        for (int round = 0; round < 50; ++round) {
            const int before = counter.count;
            QCoreApplication::processEvents();
            if (counter.count == before) return true;
        }
        return false;
    }

    static QString textOf(const QWidget& widget) {
        if (const auto* label = qobject_cast<const QLabel*>(&widget)) return label->text();
        return qobject_cast<const QAbstractButton*>(&widget)->text();
    }

    std::unique_ptr<PseudoLocale> m_locale;
};

QTEST_MAIN(PseudoLocaleTest)
#include "pseudo_locale_test.moc"
