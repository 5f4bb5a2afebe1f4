#pragma once

#include <QObject>
#include <QString>

namespace lab {

class MainWindow;
class OwnDataDialog;
class WindowSettings;

/// Leads a text or table of a person's own into the assistant that makes an experiment of it.
class OwnDataActions : public QObject {
    Q_OBJECT

public:
    OwnDataActions(MainWindow& window, WindowSettings& settings, QObject* parent = nullptr);

    /// A .txt, .csv or .tsv that is nothing the program reads as it is: neither pairs nor results of a sweep.
    static bool takes(const QString& path);
    /// Null when it cannot be read, which is said in the window.
    OwnDataDialog* open(const QString& path);
    void chooseFile();

private:
    MainWindow& m_window;
    WindowSettings& m_settings;
};

}  // namespace lab
