// The window in the pseudo-locale, to be looked at: pseudo_window FOLDER [--dark] [--english]. One PNG a page; prints every word that
// stayed English and is no key, name or formula, with the widget that says it. No assertions; not a ctest.

#include <QAbstractButton>
#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QSettings>
#include <QStandardPaths>
#include <QTest>
#include <cstdio>

#include "core/config/comparisons.h"
#include "core/config/experiment_json.h"
#include "core/config/presets.h"
#include "core/config/visitor.h"
#include "tests/ui/runs/run_fixture.h"
#include "tests/ui/text/pseudo_locale.h"
#include "tests/ui/widgets/painted_texts.h"
#include "ui/widgets/theme.h"
#include "ui/window/main_window.h"

namespace {

using namespace lab;

void addWords(QSet<QString>& words, const QString& text) {
    static const QRegularExpression word("[A-Za-z]{3,}");
    for (auto all = word.globalMatch(text); all.hasNext();) words.insert(all.next().captured().toLower());
}

/// Keys and their values, and what files say: in no language.
QSet<QString> wordsOfData() {
    QSet<QString> words;
    for (const FieldInfo& field : fieldTable()) {
        addWords(words, QString::fromStdString(field.path + " " + field.label));
        for (const std::string& choice : field.choices) addWords(words, QString::fromStdString(choice));
    }
    for (const Preset& preset : presets()) {
        const Experiment experiment = parseExperiment(preset.json);
        addWords(words, QString::fromStdString(std::string(preset.name) + " " + experiment.name + " " + experiment.about));
    }
    for (const ClassicComparison& comparison : comparisons())
        addWords(words, QString::fromStdString(comparison.name + " " + comparison.about));
    addWords(words, "small softmax exp sqrt mean max SEP BOS Attention Lab Ctrl Shift Alt Del PgUp PgDown Home End Esc Return Space Ins");
    return words;
}

/// What a widget says besides what it paints.
QStringList textsOf(const QWidget& widget) {
    QStringList texts{widget.toolTip(), widget.accessibleName(), widget.accessibleDescription(), widget.windowTitle()};
    if (const auto* line = qobject_cast<const QLineEdit*>(&widget)) texts += line->placeholderText();
    if (const auto* box = qobject_cast<const QComboBox*>(&widget))
        for (int i = 0; i < box->count(); ++i) texts += box->itemText(i);
    return texts;
}

void report(const char* page, const QString& whose, QString text, const QSet<QString>& data) {
    static const QRegularExpression tag("<[^>]*>|&\\w+;");
    QSet<QString> words;
    addWords(words, text.remove(tag));
    words.subtract(data);
    if (words.isEmpty()) return;
    std::printf("%s: %s: %s  <- \"%s\"\n", page, qPrintable(whose), qPrintable(QStringList(words.values()).join(' ')), qPrintable(text));
}

void lookAt(MainWindow& window, const QString& name, const QDir& folder, const QSet<QString>& data) {
    const QByteArray page = name.toUtf8();
    window.grab().save(folder.filePath(name + ".png"));
    TextsDevice device(window.size());
    window.render(&device);
    for (const PaintedText& painted : device.texts()) report(page, "painted", painted.text, data);
    for (const QWidget* widget : window.findChildren<QWidget*>())
        for (const QString& text : textsOf(*widget)) report(page, QString::fromLatin1(widget->metaObject()->className()), text, data);
    for (const QAction* action : window.findChildren<QAction*>())
        report(page, "action " + action->objectName(), action->text() + ' ' + action->toolTip(), data);
}

}  // namespace

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    if (argc < 2) return std::fprintf(stderr, "usage: pseudo_window FOLDER [--dark] [--english]\n"), 2;
    const QDir folder(QString::fromLocal8Bit(argv[1]));
    folder.mkpath(".");
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName("attention-lab-test");
    QCoreApplication::setApplicationName("pseudo_window");
    QSettings().clear();
    const auto found = findSentences(LAB_SOURCE_DIR);
    if (!found) return std::fprintf(stderr, "lupdate is not installed\n"), 1;
    PseudoLocale locale(found->sentences);
    if (!application.arguments().contains("--english")) QCoreApplication::installTranslator(&locale);
    if (application.arguments().contains("--dark")) Theme::instance().setMode(Theme::Mode::dark);
    Theme::instance().apply();
    const QSet<QString> data = wordsOfData();
    Workspace workspace;
    Focus focus;
    MainWindow window(workspace, focus);
    Run* run = window.session().openTask(smallTask(200));
    window.resize(1280, 800);
    window.show();
    run->train();
    QTest::qWait(3000);
    for (int page = 0; page < static_cast<int>(window.pages().size()); ++page) {
        window.showPage(page);
        QTest::qWait(1500);
        lookAt(window, QString("page-%1").arg(page + 1), folder, data);
    }
    return 0;
}
