#include "ui/window/text_actions.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QTimer>

#include "core/base/file_start.h"
#include "core/base/files.h"
#include "ui/documents/document_source.h"
#include "ui/forms/text_dialog.h"
#include "ui/window/main_window.h"
#include "ui/window/window_settings.h"

namespace lab {
namespace {

constexpr qint64 longestList = 16'000;  ///< bytes; a longer .txt without tabs is running text

bool holdsTabs(const QString& path) {
    return fileStart(pathOf(path), 4096).find('\t') != std::string::npos;
}

}  // namespace

TextActions::TextActions(MainWindow& window, WindowSettings& settings, QObject* parent)
    : QObject(parent), m_window(window), m_settings(settings) {}

bool TextActions::takes(const QString& path) {
    const QFileInfo file(path);
    if (file.isDir()) return true;  // one without texts is said to be that
    const QString ending = file.suffix().toLower();
    if (ending == QLatin1String("md") || ending == QLatin1String("gz")) return file.isFile();
    return ending == QLatin1String("txt") && file.size() > longestList && !holdsTabs(path);
}

TextDialog* TextActions::open(const QStringList& paths, const CorpusSettings& settings) {
    auto* dialog = new TextDialog(paths, settings, &m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &TextDialog::wanted, this, [this](const Experiment& experiment, const LoadedTask& loaded, bool train) {
        if (m_window.session().openSettings(experiment, {}, loaded) && train) m_window.session().run()->train();
    });
    connect(dialog, &TextDialog::tableWanted, this, &TextActions::tableWanted);
    // A file named at the start comes before the window, and would stand behind it.
    if (m_window.isVisible())
        dialog->show();
    else
        QTimer::singleShot(0, dialog, &QWidget::show);
    return dialog;
}

void TextActions::chooseFiles() {
    const QStringList paths = QFileDialog::getOpenFileNames(&m_window, tr("Text to train on"), m_settings.folder(),
                                                            tr("Texts (*.txt *.md *.gz)") + QStringLiteral(";;") + tr("All files (*)"));
    if (!paths.isEmpty()) open(paths);
}

}  // namespace lab
