#pragma once

#include <QDragEnterEvent>
#include <QFile>
#include <QMimeData>
#include <QTemporaryDir>
#include <QTest>

#include "ui/forms/text_dialog.h"
#include "ui/window/file_actions.h"
#include "ui/window/main_window.h"

namespace lab {

inline QByteArray longText() {
    QByteArray text;
    for (int i = 0; text.size() < 40'000; ++i)
        text += "The " + QByteArray::number(i) + " boats lay in the harbour.\nNobody knew whose they were.\n\n";
    return text;
}

struct TextDesk {
    TextDesk() : files(window, at("settings.ini"), at("session.safetensors")) {
        files.begin({});
        window.resize(1280, 800);
        window.show();
    }
    ~TextDesk() { files.end(); }

    QString at(const char* name) const { return folder.filePath(QLatin1String(name)); }
    QString write(const char* name, const QByteArray& text) const {
        QFile file(at(name));
        [&] { QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size()); }();
        return at(name);
    }
    void drop(const QStringList& paths) {
        QList<QUrl> urls;
        for (const QString& path : paths) urls << QUrl::fromLocalFile(path);
        QMimeData data;
        data.setUrls(urls);
        QDragEnterEvent enter(QPoint(100, 100), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&window, &enter);
        QDropEvent event(QPointF(100, 100), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&window, &event);
    }
    TextDialog* dialog() { return window.findChild<TextDialog*>(); }

    QTemporaryDir folder;
    Workspace workspace;
    Focus focus;
    MainWindow window{workspace, focus};
    FileActions files;
};

}  // namespace lab
