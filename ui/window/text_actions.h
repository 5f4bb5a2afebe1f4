#pragma once

#include <QObject>
#include <QStringList>

#include "core/text/corpus.h"

namespace lab {

class MainWindow;
class TextDialog;
class WindowSettings;

/// Leads running text, dropped or chosen, into the dialog that makes an experiment of it.
class TextActions : public QObject {
    Q_OBJECT

public:
    TextActions(MainWindow& window, WindowSettings& settings, QObject* parent = nullptr);

    /// Markdown, gzip of text, a folder, or a .txt too long to be a list of examples.
    static bool takes(const QString& path);
    TextDialog* open(const QStringList& paths, const CorpusSettings& settings = {});
    void chooseFiles();

signals:
    /// The file is a table of examples after all.
    void tableWanted(const QString& path);

private:
    MainWindow& m_window;
    WindowSettings& m_settings;
};

}  // namespace lab
