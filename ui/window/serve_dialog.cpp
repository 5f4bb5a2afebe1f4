#include "ui/window/serve_dialog.h"

#include <QCheckBox>
#include <QClipboard>
#include <QGridLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSpinBox>
#include <QVBoxLayout>

#include "ui/documents/document_source.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/problem_label.h"
#include "ui/widgets/table/data_table.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int serveDialogWidth = 720, serveDialogHeight = 460, serveDialogMargin = 16, serveDialogRow = 22;

constexpr int lookEvery = 400;  // ms
constexpr int largestPort = 65535;
constexpr std::size_t clientsNamed = 3;

}  // namespace

ServeDialog::ServeDialog(Serving& serving, QWidget* parent) : QDialog(parent), m_serving(serving) {
    setWindowTitle(tr("Serve this session"));
    setObjectName(QStringLiteral("serve dialog"));
    makeParts();
    makeTable();
    arrange();
    connect(m_on, &QCheckBox::clicked, this, &ServeDialog::turn);
    connect(m_show, &Button::clicked, this, [this] { hideToken(m_token->echoMode() == QLineEdit::Normal); });
    const auto copies = [this](const Button* button, auto text) {
        connect(button, &Button::clicked, this, [text] { QGuiApplication::clipboard()->setText(text()); });
    };
    copies(m_copyAddress, [this] { return m_serving.address(); });
    copies(m_copyToken, [this] { return m_serving.token(); });
    copies(m_copyCommand, [this] { return m_serving.command(); });
    connect(&m_serving, &Serving::stateChanged, this, &ServeDialog::followState);
    m_looking.setInterval(lookEvery);
    connect(&m_looking, &QTimer::timeout, this, &ServeDialog::followVisitors);
    followTheme(this, &ServeDialog::applyMeasures);
    followState();
}

void ServeDialog::makeParts() {
    m_on = named("serve.on", new QCheckBox(tr("&Serve this session")));
    m_port = named("serve.port", new QSpinBox);
    m_port->setRange(0, largestPort);
    m_port->setValue(m_serving.usualPort());
    m_port->setAccessibleName(tr("Port"));
    m_port->setToolTip(tr("0 takes one that is free"));
    m_about = new ThemedLabel(tr("Programs of this computer that have the token can then look at all runs, train, pause and branch them, "
                                 "make new ones and upload texts; you see what they do. What you made they cannot delete. Nobody "
                                 "reaches this from another computer."),
                              TextSize::text, Role::muted);
    m_about->setWordWrap(true);
    m_problem = new ProblemLabel(TextSize::text);
    m_problem->setWordWrap(true);
    m_address = named("serve.address", new QLineEdit);
    m_token = named("serve.token", new QLineEdit);
    m_copyAddress = named("serve.copy_address", new Button(tr("Copy")));
    m_show = named("serve.show_token", new Button(tr("Show")));
    m_show->setWidthFor({tr("Show"), tr("Hide")});
    m_copyToken = named("serve.copy_token", new Button(tr("Copy")));
    m_copyCommand = named("serve.copy_command", new Button(tr("Copy a command to try")));
    m_copyCommand->setToolTip(tr("A line for a terminal that asks for all runs; it holds the token"));
    m_copyAddress->setAccessibleName(tr("Copy the address"));
    m_copyToken->setAccessibleName(tr("Copy the token"));
    m_who = new ThemedLabel(QString());
    m_who->setTextFormat(Qt::PlainText);
    m_who->setWordWrap(true);
    m_nobody = new EmptyState(QString(), QString());
}

/// The newest request is the first row.
void ServeDialog::makeTable() {
    m_requests = named("serve.requests", new DataTable(tr("The last requests"), serveDialogRow));
    const auto asked = [this](std::size_t row) -> const Serving::Asked& { return m_visitors.asked[m_visitors.asked.size() - 1 - row]; };
    const auto column = [](const QString& title, Qt::Alignment side, const QString& widest, std::function<TableCell(std::size_t)> cell) {
        TableColumn made{{}, title};
        made.side = side;
        made.widest = widest;
        made.cell = std::move(cell);
        return made;
    };
    std::vector<TableColumn> columns;
    columns.push_back(column(tr("time"), Qt::AlignLeft, QStringLiteral("00:00:00"),
                             [asked](std::size_t row) { return TableCell{asked(row).time.toString(QStringLiteral("HH:mm:ss"))}; }));
    columns.push_back(column(tr("request"), Qt::AlignLeft, QStringLiteral("GET /api/v1/runs/r0123456789ab/checkpoints/latest"),
                             [asked](std::size_t row) { return TableCell{asked(row).what}; }));
    columns.push_back(column(tr("answer"), Qt::AlignRight, QStringLiteral("000"), [asked](std::size_t row) {
        const int status = asked(row).status;
        return TableCell{QString::number(status), status < 400 ? Role::text : Role::wrong};
    }));
    columns.push_back(column(tr("program"), Qt::AlignLeft, QStringLiteral("python-requests/2.31.0"),
                             [asked](std::size_t row) { return TableCell{asked(row).client}; }));
    for (TableColumn& each : columns) each.toolTip = [asked](std::size_t row) { return asked(row).what; };
    m_requests->setColumns(std::move(columns));
}

void ServeDialog::addLine(QGridLayout& grid, const QString& name, QLineEdit& line, const std::vector<Button*>& buttons) {
    const int row = grid.rowCount();
    line.setReadOnly(true);
    line.setAccessibleName(name);
    grid.addWidget(new ThemedLabel(name), row, 0);
    grid.addWidget(&line, row, 1);
    for (std::size_t i = 0; i < buttons.size(); ++i) grid.addWidget(buttons[i], row, static_cast<int>(2 + i));
}

void ServeDialog::arrange() {
    auto* close = named("serve.close", new Button(tr("Close")));
    connect(close, &Button::clicked, this, &QDialog::accept);
    for (Button* button : {close, m_copyAddress, m_show, m_copyToken, m_copyCommand}) button->setAutoDefault(false);
    auto* top = new QHBoxLayout;
    auto* port = new ThemedLabel(tr("&Port"));
    port->setBuddy(m_port);
    top->addWidget(m_on);
    top->addStretch();
    top->addWidget(port);
    top->addWidget(m_port);
    auto* grid = new QGridLayout;
    grid->setColumnStretch(1, 1);
    addLine(*grid, tr("Address"), *m_address, {m_copyAddress});
    addLine(*grid, tr("Token"), *m_token, {m_copyToken, m_show});
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_copyCommand);
    buttons->addStretch();
    buttons->addWidget(close);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(top);
    layout->addWidget(m_about);
    layout->addWidget(m_problem);
    layout->addLayout(grid);
    layout->addWidget(m_who);
    layout->addWidget(m_requests, 1);
    layout->addWidget(m_nobody, 1);
    layout->addLayout(buttons);
}

void ServeDialog::applyMeasures() {
    const Theme& theme = Theme::instance();
    const int side = theme.px(serveDialogMargin);
    layout()->setContentsMargins(side, side, side, side);
    layout()->setSpacing(theme.px(12));
    resize(theme.px(serveDialogWidth), theme.px(serveDialogHeight));
}

void ServeDialog::turn(bool on) {
    m_problem->say({});
    try {
        on ? m_serving.start(m_port->value()) : m_serving.stop();
    } catch (const std::exception& error) {
        m_problem->say(sentenceOf(error));
    }
    followState();
}

void ServeDialog::hideToken(bool hidden) {
    m_token->setEchoMode(hidden ? QLineEdit::Password : QLineEdit::Normal);
    m_show->setText(hidden ? tr("Show") : tr("Hide"));
    m_show->setAccessibleName(hidden ? tr("Show the token") : tr("Hide the token"));
}

void ServeDialog::followState() {
    const bool on = m_serving.state() == Serving::State::on;
    m_on->setChecked(on);
    m_port->setEnabled(m_serving.state() == Serving::State::off);
    m_address->setText(m_serving.address());
    m_token->setText(m_serving.token());
    m_token->setCursorPosition(0);
    hideToken(true);
    for (QWidget* part : std::initializer_list<QWidget*>{m_address, m_token, m_copyAddress, m_copyToken, m_show, m_copyCommand})
        part->setEnabled(on);
    followVisitors();
}

void ServeDialog::followVisitors() {
    m_visitors = m_serving.visitors();
    const bool on = m_serving.state() == Serving::State::on, any = !m_visitors.asked.empty();
    m_who->setText(whoAsks());
    m_who->setVisible(on || any);
    m_requests->setVisible(any);
    m_requests->showAll(m_visitors.asked.size(), m_requests->chosen());
    m_requests->viewport()->update();
    m_nobody->setVisible(!any);
    if (on)
        m_nobody->setTexts(tr("Nobody has asked yet."),
                           tr("The command to try asks for all runs; /openapi.json says what else can be asked for."));
    else
        m_nobody->setTexts(tr("Nothing is served."), tr("Nobody is let in while this is off."));
}

/// "2 connections are open. Asked so far: curl/8.5.0 (12), …"
QString ServeDialog::whoAsks() const {
    if (m_serving.state() == Serving::State::off) return tr("Nothing is served any more.");
    if (m_serving.state() == Serving::State::ending) return tr("What is under way comes to its end.");
    QStringList names;
    for (auto client = m_visitors.clients.rbegin(); client != m_visitors.clients.rend() && names.size() < qsizetype(clientsNamed); ++client)
        names << tr("%1 (%2)").arg(client->name.isEmpty() ? tr("a program without a name") : client->name, grouped(client->requests));
    if (m_visitors.clients.size() > clientsNamed) names << QString(QChar(0x2026));
    const QString open = counted(LAB_PLURAL("window", "%n connection(s) open."), m_visitors.connections);
    return names.isEmpty() ? open : sentences({open, tr("Asked so far: %1").arg(names.join(QStringLiteral(", ")))});
}

void ServeDialog::showEvent(QShowEvent* event) {
    m_looking.start();
    followVisitors();
    QDialog::showEvent(event);
}

void ServeDialog::hideEvent(QHideEvent* event) {
    m_looking.stop();
    hideToken(true);
    QDialog::hideEvent(event);
}

}  // namespace lab
