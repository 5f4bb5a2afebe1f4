#include "ui/window/window_settings.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace lab;

/// What another window of the same person has written meanwhile is not written over. Settings of one process share what they have read,
/// so a changed file stands in for the other window.
class WindowSettingsTest : public QObject {
    Q_OBJECT

private slots:
    void anotherWindowsRecentFilesStay() {
        WindowSettings settings(file());
        settings.addRecentFile("/a.json");
        anotherReplaces("/a.json", "/other.json, /a.json");
        settings.addRecentFile("/c.json");
        QCOMPARE(settings.recentFiles(), QStringList({"/c.json", "/other.json", "/a.json"}));
        anotherReplaces("/other.json", "/another.json, /other.json");
        settings.removeRecentFile("/a.json");
        QCOMPARE(settings.recentFiles(), QStringList({"/c.json", "/another.json", "/other.json"}));
    }

    /// Another that reads it now sees it, and a program that is killed has it kept.
    void whatIsAddedIsInTheFileAtOnce() {
        WindowSettings settings(file());
        settings.addRecentFile("/at once.json");
        QVERIFY(text().contains("/at once.json"));
        settings.setPartSet("Mine", {"train"});
        QVERIFY(text().contains("sets="));
    }

private:
    QString file() const { return m_folder.filePath("settings.ini"); }
    QByteArray text() const {
        QFile read(file());
        return read.open(QIODevice::ReadOnly) ? read.readAll() : QByteArray();
    }
    void anotherReplaces(const QByteArray& what, const QByteArray& by) const {
        const QByteArray changed = text().replace(what, by);
        QFile write(file());
        QVERIFY(write.open(QIODevice::WriteOnly));
        write.write(changed);
    }

    QTemporaryDir m_folder;
};

QTEST_MAIN(WindowSettingsTest)
#include "window_settings_test.moc"
