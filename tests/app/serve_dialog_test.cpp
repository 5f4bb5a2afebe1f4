#include "ui/window/serve_dialog.h"

#include <QCheckBox>
#include <QClipboard>
#include <QLineEdit>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QtTest>
#include <future>

#include "app/serving/session_serving.h"
#include "tests/core/runs/small_task.h"
#include "tests/patience.h"
#include "tests/server/client.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/problem_label.h"
#include "ui/widgets/table/data_table.h"
#include "ui/widgets/theme.h"
#include "ui/window/file_actions.h"
#include "ui/window/main_window.h"

using namespace lab;

namespace {

class ServeDesk {
public:
    ServeDesk() { session.openTask(smallTask(20'000))->setPace(0); }

    int port() const { return serving.address().section(u':', -1).toInt(); }
    /// What a client of the network hears; meanwhile the window's thread goes on.
    std::string heard(const std::string& path, const QString& token) {
        std::future<std::string> answer =
            std::async(std::launch::async, [port = static_cast<std::uint16_t>(port()), path, token = token.toStdString()] {
                tests::Client client(port);
                client.say("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: a test\r\nAuthorization: Bearer " + token +
                           "\r\nConnection: close\r\n\r\n");
                return std::string(client.hearAll());
            });
        [&answer] { QTRY_COMPARE(answer.wait_for(std::chrono::seconds(0)), std::future_status::ready); }();
        return answer.get();
    }

    QTemporaryDir folder;
    Workspace workspace;
    Focus focus;
    Session session{workspace, focus};
    SessionServing serving{session, std::filesystem::path(folder.path().toStdString()) / "served"};
    ServeDialog dialog{serving};
};

}  // namespace

class ServeDialogTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().apply(); }

    void itIsOffUntilAPersonSwitchesItOn() {
        ServeDesk desk;
        desk.dialog.show();
        QVERIFY(!desk.dialog.onSwitch().isChecked());
        QCOMPARE(desk.dialog.port().value(), desk.serving.usualPort());
        QVERIFY(desk.dialog.address().text().isEmpty() && desk.dialog.token().text().isEmpty());
        QVERIFY(!desk.dialog.copyCommand().isEnabled());
        QVERIFY(!QFile::exists(desk.folder.filePath("served")));
    }

    void itLetsInWhoHasTheTokenAndShowsWhoAsks() {
        ServeDesk desk;
        desk.dialog.show();
        desk.focus.run()->train();
        desk.dialog.port().setValue(0);
        desk.dialog.onSwitch().click();
        QCOMPARE(desk.serving.state(), Serving::State::on);
        QVERIFY(desk.port() > 0 && desk.dialog.address().text().startsWith("http://127.0.0.1:"));
        QCOMPARE(desk.dialog.token().echoMode(), QLineEdit::Password);
        desk.dialog.showToken().click();
        QCOMPARE(desk.dialog.token().echoMode(), QLineEdit::Normal);
        const QString token = desk.dialog.token().text();
        QVERIFY(desk.heard("/api/v1/runs", "wrong").starts_with("HTTP/1.1 401"));
        const std::string answer = desk.heard("/api/v1/runs", token);
        QVERIFY2(answer.starts_with("HTTP/1.1 200") && answer.find("\"training\"") != answer.npos, answer.c_str());
        QTRY_COMPARE(desk.dialog.requests().places().size(), std::size_t{2});
        QCOMPARE(desk.dialog.requests().columns()[1].cell(0).text, QString("GET /api/v1/runs"));
        QCOMPARE(desk.dialog.requests().columns()[2].cell(1).text, QString("401"));
        QVERIFY2(desk.dialog.who().text().contains("a test (2)"), qPrintable(desk.dialog.who().text()));
        desk.dialog.copyCommand().click();
        QVERIFY(QGuiApplication::clipboard()->text().contains(token));
    }

    void switchedOffThePortIsFreeAgainAndTheTokenIsAnother() {
        ServeDesk desk;
        desk.dialog.port().setValue(0);
        desk.dialog.onSwitch().click();
        const int port = desk.port();
        const QString token = desk.serving.token();
        desk.dialog.onSwitch().click();
        QTRY_COMPARE(desk.serving.state(), Serving::State::off);
        QVERIFY(desk.dialog.address().text().isEmpty() && desk.dialog.token().text().isEmpty());
        QVERIFY(!tests::Client(static_cast<std::uint16_t>(port)).say("GET / HTTP/1.1\r\n\r\n"));
        desk.dialog.port().setValue(port);
        desk.dialog.onSwitch().click();
        QCOMPARE(desk.port(), port);
        QVERIFY(desk.serving.token() != token);
        QVERIFY(desk.heard("/api/v1/runs", token).starts_with("HTTP/1.1 401"));
    }

    void aPortThatIsTakenIsASentence() {
        ServeDesk first, second;
        first.serving.start(0);
        second.dialog.port().setValue(first.port());
        second.dialog.onSwitch().click();
        QCOMPARE(second.serving.state(), Serving::State::off);
        QVERIFY(!second.dialog.onSwitch().isChecked());
        QVERIFY2(second.dialog.problem().sentence().contains(QString::number(first.port())),
                 qPrintable(second.dialog.problem().sentence()));
    }

    void windowsThatServeAtOnceKeepWhatIsUploadedApart() {
        ServeDesk first, second;
        SessionServing other(second.session, std::filesystem::path(first.folder.path().toStdString()) / "served");
        first.serving.start(0);
        other.start(0);
        QVERIFY(QFile::exists(first.folder.filePath("served/data")) && QFile::exists(first.folder.filePath("served-2/data")));
    }

    /// The window's thread does not wait for who waits for it.
    void aProgramThatAsksDoesNotHoldUpTheEnd() {
        auto desk = std::make_unique<ServeDesk>();
        desk->serving.start(0);
        tests::Client client(static_cast<std::uint16_t>(desk->port()));
        client.say("GET /api/v1/runs HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + desk->serving.token().toStdString() +
                   "\r\n\r\n");
        desk.reset();  // without having answered
        QVERIFY(client.hearAll().find("200 OK") == std::string::npos);
    }

    void theWindowBearsAMarkWhileItIsServed() {
        const QTemporaryDir folder;
        Workspace workspace;
        Focus focus;
        MainWindow window(workspace, focus);
        FileActions files(window, folder.filePath("settings.ini"), folder.filePath("session.safetensors"));
        QAction* action = window.actions().find("session.serve");
        QVERIFY(!action->isEnabled());
        SessionServing serving(window.session(), std::filesystem::path(folder.path().toStdString()) / "served");
        files.offerServing(serving);
        window.show();
        const auto* mark = window.findChild<QAbstractButton*>("window.transport.serving");
        QVERIFY(mark && !mark->isVisible());
        action->trigger();
        auto* dialog = window.findChild<ServeDialog*>();
        QVERIFY(dialog && dialog->isVisible());
        dialog->port().setValue(0);
        dialog->onSwitch().click();
        QVERIFY(mark->isVisible() && mark->toolTip().contains(serving.address()));
        serving.stop();
        QVERIFY(!mark->isVisible());
        workspace.stop();
    }
};

QTEST_MAIN(ServeDialogTest)
#include "serve_dialog_test.moc"
