// Every page on six trained presets, to be laid beside those of another version: page_gallery FOLDER [--dark]. One PNG a page and preset;
// two folders of the same version differ in what the clock says only. --figures: also every picture that the pages export, in each width.
// --late: the window is made, and every page shown, in the other colours at twice the size, and takes these afterwards.
// --window: the whole window. --size=960x540, --scale=2: how large it is, and what is in it. Other words are the presets.
// No assertions; not a ctest.

#include <QApplication>
#include <QDir>
#include <QRegularExpression>
#include <QSettings>
#include <QStandardPaths>
#include <QTest>
#include <cstdio>

#include "core/config/experiment_json.h"
#include "core/config/presets.h"
#include "core/data/loaded_task.h"
#include "ui/runs/focus.h"
#include "ui/runs/workspace.h"
#include "ui/widgets/figure_file.h"
#include "ui/widgets/theme.h"
#include "ui/window/main_window.h"

namespace {

using namespace lab;

constexpr int steps = 60;
constexpr int rounds = 40, roundMilliseconds = 150;

LoadedTask taskOf(const char* preset) {
    for (const Preset& each : presets())
        if (each.name == std::string_view(preset)) {
            Experiment experiment = parseExperiment(each.json);
            experiment.training.steps = steps;
            experiment.training.batch_size = std::min(experiment.training.batch_size, 16);
            return loadTask(experiment, {});
        }
    qFatal("no preset %s", preset);
}

/// The picture when it has not changed for three rounds.
QImage settledPicture(QWidget& widget) {
    QImage last = widget.grab().toImage();
    for (int round = 0, same = 0; round < rounds && same < 3; ++round) {
        QTest::qWait(roundMilliseconds);
        const QImage now = widget.grab().toImage();
        same = now == last ? same + 1 : 0;
        last = now;
    }
    return last;
}

void drawFigures(Page& page, const QString& stem) {
    int number = 0;
    for (const FigureOffer& offer : page.allFigures()) {
        const auto figure = offer.make();
        for (std::size_t width = 0; figure && width < std::size(figureWidths); ++width) {
            FigureStyle style;
            style.sheet.width = static_cast<FigureWidth>(width);
            figureImage(*figure, style)
                .save(QStringLiteral("%1-%2-%3.png").arg(stem).arg(number).arg(QLatin1String(figureWidths[width].id)));
        }
        ++number;
    }
}

/// What a gallery is to look like.
struct Look {
    bool dark = false, late = false, figures = false, window = false;
    QSize size{1280, 800};
    double scale = 1.0;

    static Look of(const QStringList& words) {
        Look look;
        look.dark = words.contains(QLatin1String("--dark"));
        look.late = words.contains(QLatin1String("--late"));
        look.figures = words.contains(QLatin1String("--figures"));
        look.window = words.contains(QLatin1String("--window"));
        for (const QString& word : words) {
            const QString value = word.section(QLatin1Char('='), 1);
            if (word.startsWith(QLatin1String("--size=")))
                look.size = {value.section(QLatin1Char('x'), 0, 0).toInt(), value.section(QLatin1Char('x'), 1).toInt()};
            if (word.startsWith(QLatin1String("--scale="))) look.scale = value.toDouble();
        }
        return look;
    }
    void wear(bool now) const {
        Theme::instance().setMode(dark == now ? Theme::Mode::dark : Theme::Mode::light);
        Theme::instance().setScale(now ? scale : 2.0);
    }
};

void showEachPage(MainWindow& window) {
    for (int i = 0; i < static_cast<int>(window.pages().size()); ++i) {
        window.showPage(i);
        QTest::qWait(2 * roundMilliseconds);
    }
}

void drawPages(const char* preset, const QDir& folder, const Look& look) {
    look.wear(!look.late);
    Workspace workspace;
    Focus focus;
    MainWindow window(workspace, focus);
    Run* run = window.session().openTask(taskOf(preset));
    window.resize(look.size);
    window.show();
    run->train();
    while (run->step() < steps || focus.traceStep() < steps) QTest::qWait(20);
    if (look.late) {
        showEachPage(window);
        look.wear(true);
        window.resize(look.size);
    }
    for (int i = 0; i < static_cast<int>(window.pages().size()); ++i) {
        window.showPage(i);
        Page& page = *window.pages()[static_cast<std::size_t>(i)];
        const QString stem = folder.filePath(QStringLiteral("%1-%2").arg(QLatin1String(preset), page.iconName()));
        settledPicture(look.window ? static_cast<QWidget&>(window) : page).save(stem + QStringLiteral(".png"));
        if (look.figures) drawFigures(page, stem);
    }
}

}  // namespace

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    if (argc < 2)
        return std::fprintf(stderr,
                            "usage: page_gallery FOLDER [--dark] [--late] [--figures] [--window] [--size=WxH] [--scale=S] [PRESET ...]\n"),
               2;
    const QDir folder(QString::fromLocal8Bit(argv[1]));
    folder.mkpath(".");
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName("attention-lab-test");
    QCoreApplication::setApplicationName("page_gallery");
    QSettings().clear();
    const QStringList words = application.arguments().mid(2);
    QStringList wanted = words.filter(QRegularExpression(QStringLiteral("^[^-]")));
    if (wanted.isEmpty())
        for (const char* preset : {"reverse", "sort-kv-pos", "gpt2-small", "llama-small", "bert-small", "vaswani-small"}) wanted << preset;
    Theme::instance().apply();
    for (const QString& preset : wanted) drawPages(qPrintable(preset), folder, Look::of(words));
    return 0;
}
