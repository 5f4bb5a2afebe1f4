#include "ui/window/own_data_actions.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QTimer>
#include <algorithm>

#include "core/base/errors.h"
#include "core/base/file_start.h"
#include "core/base/files.h"
#include "core/config/experiment.h"
#include "core/data/pairs_dataset.h"
#include "core/io/pairs_experiment.h"
#include "core/sweep/sweep_results.h"
#include "ui/forms/own_data_dialog.h"
#include "ui/text/message_text.h"
#include "ui/window/actions.h"
#include "ui/window/main_window.h"
#include "ui/window/window_settings.h"

namespace lab {
namespace {

/// Whether the program reads it as pairs, whatever they mean. Large texts show in their first line that they are none.
bool isPairsAsItIs(const std::filesystem::path& path) {
    const std::string start = fileStart(path, 1 << 16);
    const std::string first = start.substr(0, start.find('\n'));
    try {
        if (first.size() < start.size()) PairsFile({}, first, std::ranges::count(first, '\t') >= 2 ? 3 : 2);
        const Experiment experiment = experimentOnPairs(path);
        PairsFile(path, columnsOf(experiment));
        return true;
    } catch (const InputError&) {
        return false;
    }
}

}  // namespace

OwnDataActions::OwnDataActions(MainWindow& window, WindowSettings& settings, QObject* parent)
    : QObject(parent), m_window(window), m_settings(settings) {}

bool OwnDataActions::takes(const QString& path) {
    const QFileInfo file(path);
    if (!file.isFile()) return false;
    const std::filesystem::path there = pathFromUtf8(path.toStdString());
    const QString ending = file.suffix().toLower();
    if (ending == QLatin1String("csv")) return !isResultsFile(there);
    return (ending == QLatin1String("tsv") || ending == QLatin1String("txt")) && !isPairsAsItIs(there);
}

OwnDataDialog* OwnDataActions::open(const QString& path) {
    OwnDataDialog* dialog = nullptr;
    try {
        dialog = new OwnDataDialog(path, m_settings.folder(), &m_window);
    } catch (const InputError& error) {
        m_window.showProblem(tr("%1 cannot be read").arg(QFileInfo(path).fileName()), shown(error));
        return nullptr;
    }
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &OwnDataDialog::made, this, [this](const QString& experiment, bool wanted) {
        if (wanted)
            m_window.session().openFile(experiment);
        else
            m_settings.addRecentFile(experiment);
    });
    // A file named at the start comes before the window, and would stand behind it.
    if (m_window.isVisible())
        dialog->show();
    else
        QTimer::singleShot(0, dialog, &QWidget::show);
    return dialog;
}

void OwnDataActions::chooseFile() {
    const QString path =
        QFileDialog::getOpenFileName(&m_window, tr("Own data"), m_settings.folder(),
                                     tr("Texts and tables (*.txt *.csv *.tsv)") + QStringLiteral(";;") + tr("All files (*)"));
    if (!path.isEmpty()) open(path);
}

}  // namespace lab
