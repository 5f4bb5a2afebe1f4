// Every picture that any page offers, in every choice of the page's controls: it can be written in every format, with its text as text, its
// numbers and a caption that says of what run and step it is; and its film shows at each step what the page shows there.
// ATTENTION_LAB_PICTURES=FOLDER keeps the pictures, to be looked at.

#include <QRegularExpression>
#include <QSettings>
#include <QTemporaryDir>
#include <QXmlStreamReader>
#include <QtTest>
#include <set>

#include "core/io/experiment_file.h"
#include "tests/patience.h"
#include "tests/small_experiment.h"
#include "ui/runs/workspace.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/format.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/theme.h"
#include "ui/window/file_actions.h"
#include "ui/window/main_window.h"
#include "ui/window/timeline_bar.h"

using namespace lab;

namespace {

constexpr int trained = 40;

Experiment experimentOf(const char* name, Architecture architecture, PositionKind position, AttentionForm form) {
    Experiment experiment = smallExperiment({.name = name, .train = 512, .layers = 2, .steps = trained});
    experiment.model.architecture = architecture;
    experiment.model.position.kind = position;
    experiment.model.attention.form = form;
    experiment.training.validate_every = 10;
    return experiment;
}

/// The real window, with one finished training.
class Window {
public:
    explicit Window(const Experiment& experiment)
        : m_window(m_workspace, m_focus),
          m_files(m_window, m_folder.filePath(QStringLiteral("settings.ini")), m_folder.filePath(QStringLiteral("session.safetensors"))) {
        const QString path = m_folder.filePath(QStringLiteral("experiment.json"));
        saveExperiment(path.toStdString(), experiment);
        m_files.begin(std::filesystem::path(path.toStdString()));
        m_window.resize(1280, 800);
        m_window.show();
        m_focus.run()->setPace(0);
        m_focus.run()->train();
        [this] { QTRY_COMPARE(m_focus.run()->step(), trained); }();
    }
    /// Another run of the same training, from half-way on, to compare it with.
    void branch() {
        m_focus.showStep(trained / 2);
        m_window.timeline().continueButton().click();
        QTRY_COMPARE(m_workspace.runs().size(), std::size_t{2});
        QTRY_COMPARE(m_workspace.runs().back()->step(), trained);
        m_focus.setRun(m_workspace.runs().front());
        m_focus.followLive();
    }
    ~Window() { m_workspace.stop(); }

    MainWindow& window() { return m_window; }
    Focus& focus() { return m_focus; }
    Page& page(int index) { return *m_window.pages()[static_cast<std::size_t>(index)]; }
    int pages() const { return static_cast<int>(m_window.pages().size()); }

    void settle(int index) {
        QTRY_VERIFY2(page(index).catchUp(), qPrintable(page(index).title() + QLatin1Char(' ') + page(index).stage()));
    }

private:
    QTemporaryDir m_folder;
    Workspace m_workspace;
    Focus m_focus;
    MainWindow m_window;
    FileActions m_files;
};

/// Of its text elements, in their order.
QString textOf(const QByteArray& svg, QString& error) {
    QXmlStreamReader reader(svg);
    QString text;
    while (!reader.atEnd())
        if (reader.readNext() == QXmlStreamReader::Characters) text += reader.text();
    error = reader.errorString();
    return text.simplified();
}

void keep(const QString& name, const QByteArray& bytes) {
    const QString folder = qEnvironmentVariable("ATTENTION_LAB_PICTURES");
    if (folder.isEmpty()) return;
    QFile file(folder + QLatin1Char('/') + name);
    if (file.open(QIODevice::WriteOnly)) file.write(bytes);
}

QString lineOf(const std::vector<std::string>& cells) {
    return QString::fromStdString(csvText({cells, {}})).trimmed();
}

/// The first thing that is not the same.
QString differenceOf(const FigureTable& here, const FigureTable& there) {
    if (here.header != there.header) return lineOf(here.header) + QStringLiteral(" instead of ") + lineOf(there.header);
    if (here.rows.size() != there.rows.size()) return QStringLiteral("%1 rows instead of %2").arg(here.rows.size()).arg(there.rows.size());
    for (std::size_t i = 0; i < here.rows.size(); ++i)
        if (here.rows[i] != there.rows[i]) return lineOf(here.rows[i]) + QStringLiteral(" instead of ") + lineOf(there.rows[i]);
    return {};
}

}  // namespace

class EveryPictureTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QVERIFY(m_home.isValid());
        qputenv("XDG_CONFIG_HOME", m_home.path().toUtf8());
        Theme::instance().setMode(Theme::Mode::light);
        Theme::instance().apply();
    }

    void everyPictureIsWholeInEveryFormat_data() { addExperiments(); }
    void everyPictureIsWholeInEveryFormat() {
        Window window(experiment());
        window.branch();
        std::set<QString> seen;
        forEveryOffer(window, [&](const FigureOffer& offer, const QString& page) {
            if (!seen.insert(page + offer.name).second) return;
            verifyPicture(offer, page, window.focus());
        });
        QVERIFY2(seen.size() >= 20, qPrintable(QString::number(seen.size())));
    }

    void filmsShowWhatThePageShowsAtEachStep_data() { addExperiments(); }
    void filmsShowWhatThePageShowsAtEachStep() {
        Window window(experiment());
        window.branch();
        std::set<QString> seen;
        forEveryOffer(window, [&](const FigureOffer& offer, const QString& page) {
            // The window's own picture is the same on every page.
            if (!seen.insert(page + offer.name).second || offer.still || !seen.insert(offer.fileName).second) return;
            verifyFilm(window, offer, page);
        });
        const QString wrong = m_wrong.join(QLatin1Char('\n'));
        m_wrong.clear();
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    }

private:
    void addExperiments() {
        QTest::addColumn<int>("kind");
        QTest::newRow("encoder, rope") << 0;
        QTest::newRow("encoder-decoder, learned") << 1;
        QTest::newRow("kv+pos") << 2;
    }

    static Experiment experiment() {
        QFETCH(int, kind);
        if (kind == 0) return experimentOf("Rotated", Architecture::encoder, PositionKind::rope, AttentionForm::qkv);
        if (kind == 1) return experimentOf("Both sides", Architecture::encoder_decoder, PositionKind::learned, AttentionForm::qkv);
        return experimentOf("With a map", Architecture::encoder, PositionKind::sinusoidal, AttentionForm::kv_pos);
    }

    /// Every page, every choice of every control that is in sight on it.
    template <class Visit>
    void forEveryOffer(Window& window, Visit visit) {
        for (int index = 0; index < window.pages(); ++index) {
            window.window().showPage(index);
            window.settle(index);
            Page& page = window.page(index);
            const auto look = [&] {
                window.settle(index);
                QTest::qWait(0);
                for (const FigureOffer& offer : page.allFigures()) visit(offer, page.title());
            };
            look();
            for (QPointer<SegmentedControl> control : page.findChildren<SegmentedControl*>()) {
                for (int choice = 0; control && control->isVisible(); ++choice) {
                    const auto buttons = control->findChildren<QRadioButton*>();
                    if (choice >= buttons.size()) break;
                    if (!buttons[choice]->isEnabled() || buttons[choice]->isChecked()) continue;
                    buttons[choice]->click();
                    look();
                }
            }
        }
    }

    void verifyPicture(const FigureOffer& offer, const QString& page, const Focus& focus) {
        const QString name = page + QStringLiteral(": ") + offer.name;
        const std::unique_ptr<Figure> figure = offer.make();
        QVERIFY2(figure, qPrintable(name));
        const QString run = offer.subject.isEmpty() ? focus.run()->name() : offer.subject, step = grouped(focus.shownStep());
        QString error;
        const QByteArray svg = figureBytes(*figure, FigureFormat::svg);
        const QString text = textOf(svg, error);
        QVERIFY2(error.isEmpty(), qPrintable(name + error));
        QVERIFY2(text.contains(run), qPrintable(name + QStringLiteral(" does not name its run:\n") + text));
        if (!offer.still) QVERIFY2(text.contains(step), qPrintable(name + QStringLiteral(" does not say its step:\n") + text));
        const QString shapes = QString::fromUtf8(svg).remove(QRegularExpression(QStringLiteral("base64,[^\"]*")));
        QVERIFY2(!shapes.contains(QLatin1String("nan")) && !shapes.contains(QLatin1String("inf,")), qPrintable(name));
        QVERIFY2(figure->caption.contains(run), qPrintable(name + QStringLiteral(": ") + figure->caption));
        const bool ofTheInput = page != QLatin1String("Train") && !offer.name.contains(QLatin1String("urve")) &&
                                offer.name != QLatin1String("Timeline") && !offer.still;
        const bool ofManyInputs = figure->caption.contains(QRegularExpression(QStringLiteral("of \\d+ inputs")));
        if (ofTheInput && !ofManyInputs)
            QVERIFY2(figure->caption.contains(QLatin1String("Input: ")), qPrintable(name + QStringLiteral(": ") + figure->caption));
        const QByteArray pdf = figureBytes(*figure, FigureFormat::pdf);
        QVERIFY2(pdf.startsWith("%PDF") && pdf.contains("/Font"), qPrintable(name));
        verifyPixels(*figure, name);
        verifyTable(figure->table(), name);
        const QString file = fileNameOf(page + QLatin1Char(' ') + offer.fileName);
        keep(file + QStringLiteral(".svg"), svg);
        keep(file + QStringLiteral(".pdf"), pdf);
        keep(file + QStringLiteral(".png"), figureBytes(*figure, FigureFormat::png, {1, false}));
        keep(file + QStringLiteral("-dark.png"), figureBytes(*figure, FigureFormat::png, {1, true}));
        keep(file + QStringLiteral(".csv"), figureBytes(*figure, FigureFormat::csv));
        QVERIFY2(offer.still || offer.makeFilm, qPrintable(name));
    }

    void verifyPixels(const Figure& figure, const QString& name) {
        const QImage one = figureImage(figure, {1, false}), three = figureImage(figure, {3, false});
        QVERIFY2(!one.isNull() && !three.isNull(), qPrintable(name));
        QVERIFY2(std::abs(three.width() - 3 * one.width()) <= 3 && std::abs(three.height() - 3 * one.height()) <= 3, qPrintable(name));
        QVERIFY2(figureImage(figure, {1, true}).pixelColor(1, 1).lightness() < 60 && one.pixelColor(1, 1).lightness() > 200,
                 qPrintable(name));
    }

    void verifyTable(const FigureTable& table, const QString& name) {
        QVERIFY2(!table.header.empty() && !table.rows.empty(), qPrintable(name + QStringLiteral(" has no numbers")));
        for (const auto& row : table.rows) QVERIFY2(row.size() == table.header.size(), qPrintable(name));
    }

    void verifyFilm(Window& window, const FigureOffer& offer, const QString& page) {
        const QString name = page + QStringLiteral(": ") + offer.name;
        const int index = window.window().pageIndex();
        const int count = offer.makeFilm()->count();
        QVERIFY2(count >= 10, qPrintable(name));
        std::int64_t step = 0;
        const std::shared_ptr<const Figure> drawn = frameOf(*offer.makeFilm(), count / 2, step, name);
        if (!drawn) return;
        const FigureTable frames = drawn->table();
        window.focus().showKeptStep(step);
        window.settle(index);
        // What is computed beside the window may take its time; what the page then shows is the truth.
        QTest::qWait(60);
        window.settle(index);
        const auto shown = offerNamed(window.page(index), offer.name);
        QVERIFY2(shown, qPrintable(name + QStringLiteral(" is gone")));
        const QString difference = differenceOf(frames, shown->table());
        if (!difference.isEmpty()) m_wrong << QStringLiteral("%1 at step %2: %3").arg(name).arg(step).arg(difference.left(200));
        window.focus().followLive();
        window.settle(index);
    }

    /// Null when the film fails.
    std::shared_ptr<const Figure> frameOf(FilmSource& film, int frame, std::int64_t& step, const QString& name) {
        std::shared_ptr<const Figure> drawn;
        QString failure;
        connect(&film, &FilmSource::ready, this, [&](const auto& figure) { drawn = figure; });
        connect(&film, &FilmSource::failed, this, [&](const QString& why) { failure = why; });
        step = film.stepOf(frame);
        film.request(frame);
        const bool answered = QTest::qWaitFor([&] { return drawn || !failure.isEmpty(); }, lab::patience);
        if (!drawn) m_wrong << name + (answered ? QStringLiteral(": ") + failure : QStringLiteral(": no answer"));
        disconnect(&film, nullptr, this, nullptr);
        return drawn;
    }

    static std::unique_ptr<Figure> offerNamed(Page& page, const QString& name) {
        for (const FigureOffer& offer : page.allFigures())
            if (offer.name == name) return offer.make();
        return nullptr;
    }

    QTemporaryDir m_home;
    QStringList m_wrong;  ///< of films
};

QTEST_MAIN(EveryPictureTest)
#include "every_picture_test.moc"
