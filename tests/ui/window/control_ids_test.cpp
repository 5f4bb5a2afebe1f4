// Every control that a person can use has a name of its own, and the list of them is kept: who films, teaches, tests or drives the window
// from outside relies on it.

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QFile>
#include <QLineEdit>
#include <QMenu>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QtTest>
#include <set>

#include "core/io/experiment_file.h"
#include "tests/core/runs/small_task.h"
#include "ui/pages/page.h"
#include "ui/runs/workspace.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/theme.h"
#include "ui/window/file_actions.h"
#include "ui/window/main_window.h"
#include "ui/window/serving.h"
#include "ui/window/timeline_bar.h"

using namespace lab;

namespace {

constexpr int trainedSteps = 20;
constexpr const char* listFile = "tests/ui/window/control_ids.txt";
constexpr const char* rewrite = "ATTENTION_LAB_WRITE_CONTROL_IDS";

Experiment withAllParts() {
    Experiment experiment = smallTask(trainedSteps, 42, Architecture::encoder_decoder).experiment;
    experiment.name = "Both sides";
    experiment.model.num_layers = 2;
    experiment.model.num_decoder_layers = 2;
    return experiment;
}

/// What Qt makes inside of a field or a table is found by asking that.
bool isPartOfAField(const QWidget& widget) {
    for (const QWidget* above = widget.parentWidget(); above; above = above->parentWidget())
        if (qobject_cast<const QComboBox*>(above) || qobject_cast<const QAbstractSpinBox*>(above) ||
            qobject_cast<const QLineEdit*>(above) || qobject_cast<const QAbstractItemView*>(above))
            return true;
    return false;
}

bool canBeUsed(const QWidget& widget) {
    if (widget.isWindow() || isPartOfAField(widget)) return false;
    return (widget.focusPolicy() & Qt::TabFocus) == Qt::TabFocus || qobject_cast<const QAbstractButton*>(&widget);
}

QString describe(const QObject& object) {
    QStringList path;
    for (const QObject* each = &object; each && path.size() < 6; each = each->parent())
        path << QStringLiteral("%1(%2)").arg(QLatin1String(each->metaObject()->className()), each->objectName());
    return path.join(QStringLiteral(" < "));
}

/// One that is off.
class NoServing : public Serving {
public:
    State state() const override { return State::off; }
    int usualPort() const override { return 1; }
    void start(int) override {}
    void stop() override {}
    QString address() const override { return {}; }
    QString token() const override { return {}; }
    QString command() const override { return {}; }
    Visitors visitors() const override { return {}; }
};

/// The window with two trained runs and with everything that is made on demand.
class NamesDesk {
public:
    NamesDesk()
        : m_window(m_workspace, m_focus),
          m_files(m_window, m_folder.filePath(QStringLiteral("settings.ini")), m_folder.filePath(QStringLiteral("session.safetensors"))) {
        const QString path = m_folder.filePath(QStringLiteral("experiment.json"));
        saveExperiment(path.toStdString(), withAllParts());
        m_files.begin(std::filesystem::path(path.toStdString()));
        m_files.offerServing(m_serving);
        m_window.resize(1280, 800);
        m_window.show();
        m_focus.run()->setPace(0);
        m_focus.run()->train();
        [this] { QTRY_COMPARE(m_focus.run()->step(), trainedSteps); }();
        m_focus.showStep(trainedSteps / 2);
        m_window.timeline().continueButton().click();
        [this] { QTRY_VERIFY(m_workspace.runs().size() == 2 && m_workspace.runs().back()->step() == trainedSteps); }();
        m_focus.setRun(m_workspace.runs().front());
        m_focus.followLive();
    }
    ~NamesDesk() { m_workspace.stop(); }

    void makeEverything() {
        for (std::size_t i = 0; i < m_window.pages().size(); ++i) {
            Page& page = *m_window.pages()[i];
            m_window.showPage(static_cast<int>(i));
            [&page] { QTRY_VERIFY(page.catchUp()); }();
            for (const char* part : {"explain.desk.lab", "explain.lab.back", "explain.header.statements"})
                if (auto* button = page.findChild<QAbstractButton*>(QLatin1String(part))) button->click();
            page.showExport();
        }
        for (const char* action :
             {"view.present", "view.present", "view.split", "jobs.show", "help.ask", "help.formats", "session.serve", "help.start"})
            m_window.actions().find(QLatin1String(action))->trigger();
        for (QMenu* menu : m_window.findChildren<QMenu*>()) emit menu->aboutToShow();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }

    /// With the window each is in.
    std::vector<std::pair<QObject*, QWidget*>> controls() {
        std::vector<std::pair<QObject*, QWidget*>> found;
        for (QWidget* widget : m_window.findChildren<QWidget*>())
            if (canBeUsed(*widget)) found.emplace_back(widget, widget->window());
        std::set<QAction*> offered;
        for (const QMenu* menu : m_window.findChildren<QMenu*>())
            for (QAction* action : menu->actions())
                if (!action->isSeparator() && !action->menu() && offered.insert(action).second) found.emplace_back(action, nullptr);
        return found;
    }

private:
    QTemporaryDir m_folder;
    NoServing m_serving;
    Workspace m_workspace;
    Focus m_focus;
    MainWindow m_window;
    FileActions m_files;
};

QString listPath() {
    return QStringLiteral(LAB_SOURCE_DIR "/") + QLatin1String(listFile);
}

QStringList keptList() {
    QFile file(listPath());
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'), Qt::SkipEmptyParts) : QStringList();
}

QString without(const QStringList& all, const QStringList& known) {
    QStringList rest;
    for (const QString& each : all)
        if (!known.contains(each)) rest << each;
    return rest.isEmpty() ? QStringLiteral("none") : rest.join(QLatin1Char(' '));
}

}  // namespace

class ControlIdsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QVERIFY(m_home.isValid());
        qputenv("XDG_CONFIG_HOME", m_home.path().toUtf8());
        Theme::instance().apply();
    }

    /// With a proxy of its own making a page would tell a screen reader that it has the focus, in place of what is in it.
    void noPageStandsForWhatIsInIt() {
        NamesDesk desk;
        desk.makeEverything();
        for (const QWidget* widget : QApplication::allWidgets()) {
            const QWidget* proxy = widget->focusProxy();
            const bool stands = proxy && widget->isAncestorOf(proxy) && proxy->accessibleName() != widget->accessibleName() &&
                                QByteArray(widget->metaObject()->className()).startsWith("lab::");
            QVERIFY2(!stands, widget->metaObject()->className());
        }
    }

    void everyControlHasANameOfItsOwnAndTheListIsKept() {
        NamesDesk desk;
        desk.makeEverything();
        static const QRegularExpression form(QStringLiteral("^[a-z0-9_]+(\\.[a-z0-9_-]+)+$"));
        std::set<std::pair<QWidget*, QString>> taken;
        QStringList names, wrong;
        for (const auto& [control, window] : desk.controls()) {
            const QString name = control->objectName();
            if (!form.match(name).hasMatch())
                wrong << QStringLiteral("no name: ") + describe(*control);
            else if (!taken.emplace(window, name).second)
                wrong << QStringLiteral("a second one: ") + describe(*control);
            if (!name.startsWith(QLatin1String("second."))) names << name;  // the same again
        }
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(QLatin1Char('\n'))));
        names.removeDuplicates();  // of another window
        names.sort();
        if (qEnvironmentVariableIsSet(rewrite)) {
            QFile file(listPath());
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(names.join(QLatin1Char('\n')).toUtf8() + '\n');
        }
        const QStringList kept = keptList();
        QVERIFY2(names == kept, qPrintable(QStringLiteral("new: %1\ngone: %2\n%3=1 ctest -R control_ids_test writes %4 anew")
                                               .arg(without(names, kept), without(kept, names), rewrite, listFile)));
    }

private:
    QTemporaryDir m_home;
};

QTEST_MAIN(ControlIdsTest)
#include "control_ids_test.moc"
