#include "ui/pages/explain/statements_view.h"

#include <QFontDatabase>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QListWidget>
#include <QScrollArea>
#include <QScrollBar>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>

#include "core/training/next_token_faults.h"
#include "ui/pages/explain/drawing_view.h"
#include "ui/text/language.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"
#include "ui/widgets/verdict.h"

namespace lab {
namespace {

using explain::Statement;
using explain::Verdict;

constexpr int listWidth = 270, numbersWidth = 660, roomForTwo = 840;  // logical px at 100 %
constexpr int restPerCost = 8;

void clear(QLayout* layout) {
    while (QLayoutItem* item = layout->takeAt(0)) {
        if (QWidget* widget = item->widget()) {
            widget->hide();
            widget->setObjectName({});
            widget->deleteLater();
        }
        delete item;
    }
}

void setFormula(QLabel& label, const QString& text) {
    label.setText(formulaHtml(label.font(), text));
    label.setAccessibleName(plainFormula(text));
}

/// Of a label that has its place; one without a text takes no room.
void tell(QLabel& label, const QString& text) {
    setFormula(label, text);
    label.setVisible(!text.isEmpty());
}

ThemedLabel* wrapped(TextSize size, Role role, bool bold) {
    auto* label = new ThemedLabel({}, size, role, bold);
    label->setTextFormat(Qt::RichText);
    label->setWordWrap(true);
    return label;
}

ThemedLabel* formulaLabel(const QString& text, TextSize size, Role role, bool bold, bool wraps) {
    auto* label = new ThemedLabel({}, size, role, bold);
    label->setTextFormat(Qt::RichText);
    label->setWordWrap(wraps);
    setFormula(*label, text);
    return label;
}

/// A listing under its title, in letters of one width.
QWidget* listingPanel(const explain::Listing& listing, int number) {
    auto* code = new QLabel(QString::fromUtf8(listing.code).trimmed());
    code->setTextFormat(Qt::PlainText);
    code->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    code->setTextInteractionFlags(Qt::TextSelectableByMouse);
    followTheme(code, [code] {
        QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
        font.setPixelSize(Theme::instance().px(static_cast<int>(TextSize::axis)));
        code->setFont(font);
        code->setMargin(Theme::instance().px(8));
    });
    auto* area = named(QStringLiteral("explain.statements.code_%1").arg(number), new QScrollArea);
    area->setWidget(code);
    area->setWidgetResizable(true);
    area->setFocusPolicy(Qt::NoFocus);
    area->setFrameShape(QFrame::NoFrame);
    area->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    followTheme(area,
                [area, code] { area->setMinimumHeight(code->sizeHint().height() + area->horizontalScrollBar()->sizeHint().height()); });
    const QString title = shown(listing.title);
    auto* panel = new PanelFrame(listing.right ? verdictText(true, title) : title);
    panel->setDense(true);
    panel->setContent(area);
    return panel;
}

}  // namespace

StatementsView::StatementsView(QWidget* parent) : QWidget(parent) {
    m_later = new QTimer(this);
    m_later->setSingleShot(true);
    connect(m_later, &QTimer::timeout, this, &StatementsView::showEvidence);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(makeList());
    layout->addWidget(makeBody(), 1);
    setFocusPolicy(Qt::ClickFocus);  // a click beside a button keeps the keys here
    followTheme(this, [this] {
        m_numbers->setMaximumWidth(Theme::instance().px(numbersWidth));
        m_listPanel->setFixedWidth(Theme::instance().px(listWidth));
        fillList();
        fillBody();
    });
}

QWidget* StatementsView::makeList() {
    m_listPanel = new PanelFrame(tr("Statements"), this);
    m_list = named("explain.statements.list", new QListWidget);
    m_list->setAccessibleName(tr("Statements"));
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setTextElideMode(Qt::ElideRight);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->installEventFilter(this);
    connect(m_list, &QListWidget::currentItemChanged, this, [this](QListWidgetItem* item) {
        if (!item || item->data(Qt::UserRole).toInt() == m_current) return;
        m_current = item->data(Qt::UserRole).toInt();
        fillBody();
    });
    m_listPanel->setContent(m_list);
    return m_listPanel;
}

QWidget* StatementsView::makeBody() {
    m_bodyPanel = new PanelFrame(tr("True or false?"), this);
    m_showMe = named("explain.statements.show", new Button(tr("Show me")));
    m_next = named("explain.statements.next", new Button(tr("Next")));
    m_next->setKeycap(tr("Enter"));
    auto* back = named("explain.statements.back", new Button(tr("Back to the walk")));
    back->setKeycap(tr("Esc"));
    for (Button* button : {m_showMe, m_next, back}) {
        button->setHeight(20);
        m_bodyPanel->addControl(button);
    }
    connect(m_showMe, &QPushButton::clicked, this, [this] { emit placeWanted(QString::fromLatin1(statement().place)); });
    connect(m_next, &QPushButton::clicked, this, [this] { move(1); });
    connect(back, &QPushButton::clicked, this, &StatementsView::closed);
    auto* body = new QWidget;
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(20, 16, 20, 16);
    column->setSpacing(10);
    m_claim = wrapped(TextSize::meter, Role::text, true);
    m_setting = wrapped(TextSize::text, Role::muted, false);
    m_listings = new QWidget;
    auto* listings = new QHBoxLayout(m_listings);
    listings->setContentsMargins(0, 0, 0, 0);
    for (QWidget* part : {static_cast<QWidget*>(m_claim), static_cast<QWidget*>(m_setting), m_listings}) column->addWidget(part);
    makeVerdicts(column);
    m_verdict = wrapped(TextSize::token, Role::text, true);
    m_why = wrapped(TextSize::text, Role::text, false);
    m_numbers = new QWidget;
    m_drawings = new QWidget;
    for (QWidget* part : {m_numbers, m_drawings}) (new QGridLayout(part))->setContentsMargins(0, 0, 0, 0);
    m_train = named("explain.statements.train", new Button(tr("Train the three models (some seconds)")));
    connect(m_train, &QPushButton::clicked, this, &StatementsView::train);
    m_whose = wrapped(TextSize::caption, Role::muted, false);
    for (QWidget* part : {static_cast<QWidget*>(m_verdict), static_cast<QWidget*>(m_why), m_numbers}) column->addWidget(part);
    column->addWidget(m_train, 0, Qt::AlignLeft);
    column->addWidget(m_drawings);
    column->addWidget(m_whose);
    column->addStretch();
    m_scroll = named("explain.statements.text", new QScrollArea);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->setWidget(body);
    m_bodyPanel->setContent(m_scroll);
    return m_bodyPanel;
}

void StatementsView::makeVerdicts(QVBoxLayout* column) {
    const QStringList names{tr("true"), tr("false"), tr("depends"), tr("cannot be decided")};
    const QStringList helps{
        tr("It holds as it stands, in every case that it speaks of"), tr("It is said of all cases, and wrong in some or all of them"),
        tr("It leaves out what it depends on, such as a mask or a definition"), tr("Nobody outside can check it, or it is not known")};
    auto* row = new QHBoxLayout;
    for (int i = 0; i < explain::verdictCount; ++i) {
        auto* button = named(QStringLiteral("explain.statements.verdict_%1").arg(i + 1), new Button(names[i]));
        button->setCheckable(true);
        button->setHeight(28);
        button->setKeycap(QString::number(i + 1));
        button->setToolTip(helps[i]);
        connect(button, &QPushButton::clicked, this, [this, i] { judge(static_cast<Verdict>(i)); });
        row->addWidget(button);
        m_verdicts.push_back(button);
    }
    row->addStretch();
    column->addLayout(row);
}

const Statement& StatementsView::statement() const {
    return explain::statements()[static_cast<std::size_t>(m_current)];
}

QString StatementsView::current() const {
    return QString::fromUtf8(statement().id.data(), static_cast<qsizetype>(statement().id.size()));
}

std::optional<Verdict> StatementsView::judged(const QString& id) const {
    const auto found = m_judged.find(id.toStdString());
    return found == m_judged.end() ? std::nullopt : std::optional(found->second);
}

QJsonObject StatementsView::judgements() const {
    QJsonObject all;
    for (const auto& [id, verdict] : m_judged) all[QString::fromStdString(id)] = static_cast<int>(verdict);
    return all;
}

void StatementsView::setJudgements(const QJsonObject& judgements) {
    m_judged.clear();
    for (auto each = judgements.begin(); each != judgements.end(); ++each) {
        const int verdict = each.value().toInt(-1);
        const std::string id = each.key().toStdString();
        if (verdict >= 0 && verdict < explain::verdictCount && explain::findStatement(id)) m_judged[id] = static_cast<Verdict>(verdict);
    }
    markList();
    fillBody();
}

void StatementsView::setScene(const explain::StatementScene& scene) {
    std::vector<explain::TrainedVariant> trained = std::move(m_scene.trained);
    m_scene = scene;
    m_scene.trained = std::move(trained);
    if (m_later->isActive()) return;
    const qint64 rest = m_told.isValid() ? restPerCost * m_cost - m_told.elapsed() : 0;
    if (rest > 0)
        m_later->start(static_cast<int>(rest));
    else
        showEvidence();
}

bool StatementsView::show(const QString& id) {
    const Statement* found = explain::findStatement(id.toStdString());
    if (!found) return false;
    m_current = static_cast<int>(found - explain::statements().data());
    markList();
    fillBody();
    return true;
}

void StatementsView::judge(Verdict verdict) {
    m_judged[std::string(statement().id)] = verdict;
    markList();
    fillVerdict();
}

void StatementsView::move(int by) {
    const int last = static_cast<int>(explain::statements().size()) - 1;
    m_current = std::clamp(m_current + by, 0, last);
    markList();
    fillBody();
}

bool StatementsView::takes(const QKeyEvent& event) const {
    const int key = event.key();
    const bool judges = key >= Qt::Key_1 && key < Qt::Key_1 + explain::verdictCount;
    return !(event.modifiers() & ~Qt::KeypadModifier) &&
           (judges || key == Qt::Key_Up || key == Qt::Key_Down || key == Qt::Key_Return || key == Qt::Key_Enter);
}

bool StatementsView::takeKey(const QKeyEvent& event) {
    if (!takes(event)) return false;
    const int key = event.key();
    if (key >= Qt::Key_1 && key < Qt::Key_1 + explain::verdictCount)
        judge(static_cast<Verdict>(key - Qt::Key_1));
    else
        move(key == Qt::Key_Up ? -1 : 1);
    return true;
}

/// These keys are the statements', not the window's shortcuts.
bool StatementsView::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride && takes(*static_cast<QKeyEvent*>(event))) {
        event->accept();
        return true;
    }
    return QWidget::event(event);
}

void StatementsView::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape)
        emit closed();
    else if (!takeKey(*event))
        QWidget::keyPressEvent(event);
}

bool StatementsView::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_list && event->type() == QEvent::KeyPress && takeKey(*static_cast<QKeyEvent*>(event))) return true;
    return QWidget::eventFilter(watched, event);
}

void StatementsView::fillList() {
    const QSignalBlocker quiet(m_list);
    m_list->clear();
    int topic = -1;
    const std::vector<Statement>& all = explain::statements();
    for (int i = 0; i < static_cast<int>(all.size()); ++i) {
        const Statement& each = all[static_cast<std::size_t>(i)];
        if (static_cast<int>(each.topic) != topic) {
            topic = static_cast<int>(each.topic);
            auto* head = new QListWidgetItem(shown(explain::topicName(each.topic)), m_list);
            head->setFlags(Qt::NoItemFlags);
            head->setFont(Theme::instance().font(TextSize::text, true));
            head->setForeground(Theme::instance().color(Role::text));
            head->setData(Qt::UserRole, -1);
        }
        auto* item = new QListWidgetItem(m_list);
        item->setData(Qt::UserRole, i);
        item->setFont(Theme::instance().font(TextSize::text));
        item->setToolTip(plainFormula(shown(each.claim)));
    }
    markList();
}

/// Judged ones behind a tick or a cross, and how many there are.
void StatementsView::markList() {
    const QSignalBlocker quiet(m_list);
    const std::vector<Statement>& all = explain::statements();
    int right = 0;
    for (int row = 0; row < m_list->count(); ++row) {
        QListWidgetItem* item = m_list->item(row);
        const int index = item->data(Qt::UserRole).toInt();
        if (index < 0) continue;
        const Statement& each = all[static_cast<std::size_t>(index)];
        const auto verdict = m_judged.find(each.id);
        const QString name = plainFormula(shown(each.name));
        item->setText(QStringLiteral("\u2002\u2002 ") + name);
        item->setForeground(Theme::instance().color(Role::text));
        if (verdict != m_judged.end()) {
            const bool hit = verdict->second == each.verdict;
            right += hit;
            item->setText(verdictText(hit, name));
            item->setForeground(Theme::instance().color(verdictRole(hit)));
        }
        if (index != m_current) continue;
        m_list->setCurrentItem(item);
        m_list->scrollToItem(item);
    }
    const QString count = tr("%1 of %2 judged, %3 right").arg(m_judged.size()).arg(all.size()).arg(right);
    m_listPanel->setSubtitle(m_judged.empty() ? tr("%1 to judge").arg(all.size()) : count);
}

void StatementsView::fillBody() {
    tell(*m_claim, quoted(shown(statement().claim)));
    tell(*m_setting, statement().setting.empty() ? QString() : shown(statement().setting));
    m_next->setEnabled(m_current + 1 < static_cast<int>(explain::statements().size()));
    m_scroll->verticalScrollBar()->setValue(0);
    fillVerdict();
}

/// The code that is judged, and once it is, the others beside it.
void StatementsView::fillListings() {
    clear(m_listings->layout());
    const bool all = m_judged.contains(statement().id);
    for (const explain::Listing& listing : statement().listings) {
        m_listings->layout()->addWidget(listingPanel(listing, m_listings->layout()->count() + 1));
        if (!all) break;
    }
    m_listings->setVisible(!statement().listings.empty());
    layListings();
}

/// Side by side where two of them have room.
void StatementsView::layListings() {
    const bool beside = statement().listings.size() <= 2 && m_scroll->width() >= Theme::instance().px(roomForTwo);
    static_cast<QBoxLayout*>(m_listings->layout())->setDirection(beside ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
}

void StatementsView::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    layListings();
}

void StatementsView::fillVerdict() {
    const auto verdict = judged(current());
    for (int i = 0; i < explain::verdictCount; ++i) {
        Button* button = m_verdicts[static_cast<std::size_t>(i)];
        button->setChecked(verdict && static_cast<int>(*verdict) == i);
    }
    fillListings();
    if (!verdict) {
        tell(*m_verdict, {});
        tell(*m_why, tr("Judge first; why and the numbers come after."));
    } else {
        const bool right = *verdict == statement().verdict;
        const QStringList right4{tr("Right: it is true."), tr("Right: it is false."), tr("Right: it depends."),
                                 tr("Right: it cannot be decided.")};
        const QStringList wrong4{tr("Not so: it is true."), tr("Not so: it is false."), tr("Not so: it depends."),
                                 tr("Not so: it cannot be decided.")};
        const QString text = (right ? right4 : wrong4)[static_cast<int>(statement().verdict)];
        m_verdict->setRole(verdictRole(right));
        tell(*m_verdict, verdictText(right, text));
        tell(*m_why, shown(statement().why));
    }
    m_showMe->setVisible(verdict.has_value());
    showEvidence();
}

void StatementsView::showEvidence() {
    const bool told = judged(current()).has_value();
    m_train->setVisible(told && statement().trains && m_scene.trained.empty());
    for (QWidget* part : {m_numbers, m_drawings}) part->setVisible(told);
    if (!told) {
        m_whose->hide();
        m_asked.clear();
        return;
    }
    QElapsedTimer clock;
    clock.start();
    const explain::Evidence evidence = explain::evidenceOf(statement(), m_scene);
    m_cost = clock.elapsed();
    m_told.start();
    tell(*m_whose, shown(evidence.whose));
    fillNumbers(evidence);
    fillDrawings(evidence);
}

/// Those of the same questions change in place.
void StatementsView::fillNumbers(const explain::Evidence& evidence) {
    std::vector<QString> asked;
    for (const auto& number : evidence.numbers) asked.push_back(shown(number.first));
    if (asked != m_asked) {
        m_asked = asked;
        m_values.clear();
        auto* grid = static_cast<QGridLayout*>(m_numbers->layout());
        clear(grid);
        grid->setColumnStretch(0, 1);
        for (std::size_t i = 0; i < asked.size(); ++i) {
            grid->addWidget(formulaLabel(asked[i], TextSize::text, Role::muted, false, true), static_cast<int>(i), 0);
            m_values.push_back(new ThemedLabel({}, TextSize::text, Role::text, true));
            m_values.back()->setTextFormat(Qt::RichText);
            grid->addWidget(m_values.back(), static_cast<int>(i), 1, Qt::AlignRight);
        }
    }
    for (std::size_t i = 0; i < m_values.size(); ++i) setFormula(*m_values[i], shown(evidence.numbers[i].second));
}

void StatementsView::fillDrawings(const explain::Evidence& evidence) {
    auto* grid = static_cast<QGridLayout*>(m_drawings->layout());
    const bool same = std::ranges::equal(m_pictures, evidence.drawings, [](const DrawingView* view, const auto& drawing) {
        return view->drawing().index() == drawing.index();
    });
    if (!same) {
        clear(grid);
        m_pictures.clear();
    }
    int cell = 0;
    for (std::size_t i = 0; i < evidence.drawings.size(); ++i) {
        if (same) {
            m_pictures[i]->setDrawing(evidence.drawings[i]);
            continue;
        }
        auto* view = new DrawingView;
        view->setDrawing(evidence.drawings[i]);
        m_pictures.push_back(view);
        const bool wide = view->wide();
        if (wide) cell = (cell + 1) / 2 * 2;
        grid->addWidget(view, cell / 2, cell % 2, 1, wide ? 2 : 1, Qt::AlignBottom);  // pictures beside one another, whatever their titles
        view->show();                                                                 // at once, not when the layout comes to it
        cell += wide ? 2 : 1;
    }
    grid->setColumnStretch(0, 1);
    grid->setColumnStretch(1, 1);
}

void StatementsView::train() {
    m_train->setEnabled(false);
    m_train->setText(tr("Training\u2026"));
    m_training.request([this](const LatestTask::Wanted& wanted) -> LatestTask::Found {
        const auto runs = trainNextTokenFaults({}, wanted);
        return [this, runs] {
            for (const NextTokenRun& run : runs)
                m_scene.trained.push_back({run.causal, run.positions, run.loss, run.written, run.chance, run.prompt, run.wrote});
            showEvidence();
        };
    });
}

}  // namespace lab
