#include <QAbstractButton>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QScrollArea>
#include <QSettings>
#include <QStandardPaths>
#include <QStyleOptionComboBox>
#include <QTemporaryDir>
#include <QTest>

#include "tests/patience.h"
#include "tests/ui/runs/run_fixture.h"
#include "tests/ui/text/pseudo_locale.h"
#include "ui/text/language.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/elided_texts.h"
#include "ui/widgets/table/sort_header.h"
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

/// The title of a column, if one is shortened.
std::optional<QString> cutTitle(const SortHeader& head) {
    const QFontMetrics letters(Theme::instance().font(TextSize::caption));
    for (int i = 0; i < head.count(); ++i) {
        const QString title = head.model()->headerData(i, Qt::Horizontal).toString();
        if (!head.isSectionHidden(i) && letters.horizontalAdvance(title) + 2 * Theme::instance().px(6) > head.sectionSize(i)) return title;
    }
    return std::nullopt;
}

/// A text that is wider than its widget, and neither wraps nor is shortened.
bool isCut(const QWidget& widget) {
    if (const auto* label = qobject_cast<const QLabel*>(&widget))
        return !label->text().isEmpty() && !label->wordWrap() && !qobject_cast<const ElidedLabel*>(label) &&
               label->sizePolicy().horizontalPolicy() != QSizePolicy::Ignored && label->minimumSizeHint().width() > label->width();
    if (const auto* box = qobject_cast<const QComboBox*>(&widget)) {
        QStyleOptionComboBox option;
        option.initFrom(box);
        const QRect field = box->style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, box);
        return box->fontMetrics().horizontalAdvance(box->currentText()) > field.width();
    }
    if (const auto* head = qobject_cast<const SortHeader*>(&widget)) return cutTitle(*head).has_value();
    const auto* button = qobject_cast<const QAbstractButton*>(&widget);
    return button && !button->text().isEmpty() && button->minimumSizeHint().width() > button->width();
}

/// Reaches past the right edge of what it stands in, where nobody sees it.
bool isCovered(const QWidget& widget) {
    return widget.geometry().right() >= widget.parentWidget()->width();
}

}  // namespace

/// The window in a language whose texts are two fifths longer, and in those it has.
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
        m_sentences = found->sentences;
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void cleanup() {
        Theme::instance().setScale(1);
        useLanguage("en");
    }

    void everyPageSettlesAndCutsNoText_data() {
        QTest::addColumn<QString>("language");
        QTest::addColumn<double>("scale");
        QTest::newRow("pseudo-locale") << "pseudo" << 1.0;
        for (const Language& each : languages())
            for (const double scale : {1.0, 2.0}) QTest::addRow("%s, %g %%", qPrintable(each.code), 100 * scale) << each.code << scale;
    }
    void everyPageSettlesAndCutsNoText() {
        QFETCH(const QString, language);
        QFETCH(const double, scale);
        std::optional<PseudoLocale> pseudo;
        if (language == "pseudo")
            QVERIFY(QCoreApplication::installTranslator(&pseudo.emplace(m_sentences)));
        else
            useLanguage(language);
        Theme::instance().setScale(scale);
        Workspace workspace;
        Focus focus;
        MainWindow window(workspace, focus);
        Run* run = window.session().openTask(smallTask(20));
        window.resize(QSize(1280, 800) * scale);
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
            if (!pseudo && window.size() != QSize(1280, 800) * scale)
                cut += QString("page %1 makes the window %2 x %3").arg(page + 1).arg(window.width()).arg(window.height());
            if (qEnvironmentVariableIsSet("ATTENTION_LAB_SAY_SHORTENED")) sayShortened(window, page + 1);
            for (const QWidget* each : window.findChildren<QWidget*>())
                if (each->isVisible() && !(pseudo && qobject_cast<const SortHeader*>(each)) &&
                    (isCut(*each) || (qobject_cast<const QAbstractButton*>(each) && isCovered(*each))))
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

    /// What gives way where there is little room is no fault, and told whole by a tool tip; a translator may want to say it shorter.
    static void sayShortened(const MainWindow& window, int page) {
        for (const QWidget* each : window.findChildren<QWidget*>())
            for (const QString& text : each->isVisible() ? elidedTexts(*each) : QStringList())
                qInfo("page %d: %s: %s", page, qPrintable(each->objectName()), qPrintable(text));
    }

    static QString textOf(const QWidget& widget) {
        if (const auto* label = qobject_cast<const QLabel*>(&widget)) return label->text();
        if (const auto* box = qobject_cast<const QComboBox*>(&widget)) return box->currentText();
        if (const auto* button = qobject_cast<const QAbstractButton*>(&widget)) return button->text();
        const auto* head = qobject_cast<const SortHeader*>(&widget);
        return head ? cutTitle(*head).value_or(QString()) : widget.objectName();
    }

    QVector<FoundSentence> m_sentences;
};

QTEST_MAIN(PseudoLocaleTest)
#include "pseudo_locale_test.moc"
