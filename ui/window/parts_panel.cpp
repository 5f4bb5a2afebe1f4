#include "ui/window/parts_panel.h"

#include <QAbstractButton>
#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>
#include <QScrollArea>
#include <QScrollBar>
#include <algorithm>

#include "ui/lessons/hands_box.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/themed_label.h"
#include "ui/window/main_window.h"
#include "ui/window/part_hiding.h"
#include "ui/window/window_settings.h"

namespace lab {
namespace {

constexpr int partsWidth = 320, groupHeadHeight = 24;  // logical px at 100 %

/// The band above a group: its title, and at the right what is to be said of it.
class GroupHead : public QWidget {
public:
    GroupHead(const QString& title, ThemedLabel* note) {
        auto* row = new QHBoxLayout(this);
        row->addWidget(new ThemedLabel(title, TextSize::text, Role::text, true));
        row->addStretch(1);
        row->addWidget(note);
        keepSpacing(row, {12, 0, 12, 0}, 8);
        followTheme(this, [this] { setFixedHeight(Theme::instance().px(groupHeadHeight)); });
    }

protected:
    void paintEvent(QPaintEvent*) override {
        const Theme& theme = Theme::instance();
        QPainter painter(this);
        painter.fillRect(rect(), theme.color(Role::window));
        drawHairline(painter, rect().topLeft(), rect().topRight(), theme.color(Role::hairline));
        drawHairline(painter, rect().bottomLeft(), rect().bottomRight(), theme.color(Role::hairline));
    }
};

QString nameOf(const PartRow& row) {
    return QLatin1String(row.name);
}

int ownIndex() {
    return static_cast<int>(partSets().size());
}

QStringList setNames() {
    QStringList names;
    for (const PartSet& set : partSets()) names << shown(Message(set.name));
    return names << PartsPanel::tr("Own");
}

}  // namespace

PartsPanel::PartsPanel(MainWindow& window, PartHiding& hiding, WindowSettings& settings, HandsBox* hands)
    : m_window(window), m_hiding(hiding), m_settings(settings) {
    setControlName(*this, QStringLiteral("parts.panel"));
    setAccessibleName(tr("Hide controls"));
    setFocusPolicy(Qt::ClickFocus);
    FocusRing::exempt(this);
    auto* content = new QWidget;
    auto* groups = new QVBoxLayout(content);
    groups->addWidget(makeSets());
    for (const PartGroup group : {PartGroup::transport, PartGroup::pages, PartGroup::window}) groups->addWidget(makeGroup(group));
    groups->addWidget(new GroupHead(tr("Hands"), new ThemedLabel(tr("typed in by you"), TextSize::caption, Role::muted)));
    groups->addWidget(hands);
    auto* note = new ThemedLabel(tr("The keys of hidden parts are off too: what is not shown cannot be changed by accident."),
                                 TextSize::caption, Role::muted);
    note->setWordWrap(true);
    auto* below = new QVBoxLayout;
    below->addWidget(note);
    groups->addLayout(below);
    groups->addStretch(1);
    keepSpacing(below, {12, 0, 12, 8}, 0);
    keepSpacing(groups, {}, 0);
    auto* area = m_area = named("parts.area", new QScrollArea);
    area->setWidget(content);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFocusPolicy(Qt::NoFocus);
    area->viewport()->setAutoFillBackground(false);
    content->setAutoFillBackground(false);
    auto* all = new QVBoxLayout(this);
    all->addWidget(makeHeader());
    all->addWidget(area, 1);
    all->addWidget(makeFooter());
    keepSpacing(all, {0, 0, 1, 0}, 0);
    followTheme(this, &PartsPanel::applyMeasures);
    connect(&m_hiding, &PartHiding::changed, this, &PartsPanel::refresh);
    refresh();
}

/// Wider in a language that needs it.
void PartsPanel::applyMeasures() {
    const int content = m_area->widget()->minimumSizeHint().width() + m_area->verticalScrollBar()->sizeHint().width() + 1;
    setFixedWidth(std::max({Theme::instance().px(partsWidth), content, layout()->minimumSize().width()}));
}

void PartsPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    applyMeasures();
}

QWidget* PartsPanel::makeHeader() {
    auto* header = new QWidget;
    auto* close = named("parts.close", new Button(QStringLiteral("\u00d7")));
    close->setAccessibleName(tr("Hide this panel"));
    close->setToolTip(tr("Hide this panel; what it hides stays hidden"));
    close->setFlatLook(true);
    connect(close, &Button::clicked, this, &PartsPanel::closeWanted);
    auto* row = new QHBoxLayout(header);
    row->addWidget(new ThemedLabel(tr("Hide controls"), TextSize::text, Role::text, true));
    row->addStretch(1);
    row->addWidget(
        new ThemedLabel(QKeySequence(QStringLiteral("Ctrl+Shift+T")).toString(QKeySequence::NativeText), TextSize::caption, Role::muted));
    row->addWidget(close);
    keepSpacing(row, {12, 6, 6, 6}, 6);
    return header;
}

QWidget* PartsPanel::makeSets() {
    m_sets = named("parts.sets", new SegmentedControl(setNames(), tr("What is shown")));
    connect(m_sets, &SegmentedControl::chosen, this, &PartsPanel::chooseSet);
    m_own = named("parts.own", new QComboBox);
    m_own->setAccessibleName(tr("Sets of your own"));
    connect(m_own, &QComboBox::activated, this, [this] { m_hiding.setChosen(m_settings.partSet(m_own->currentText())); });
    auto* remove = named("parts.remove", new Button(tr("Remove")));
    connect(remove, &Button::clicked, this, &PartsPanel::removeSet);
    m_name = named("parts.name", new QLineEdit);
    m_name->setAccessibleName(tr("Name of the set"));
    m_name->setPlaceholderText(m_name->accessibleName());
    connect(m_name, &QLineEdit::returnPressed, this, &PartsPanel::saveSet);
    auto* save = named("parts.save", new Button(tr("Save")));
    connect(save, &Button::clicked, this, &PartsPanel::saveSet);
    const auto pair = [](QWidget* wide, QWidget* button) {
        auto* whole = new QWidget;
        auto* row = new QHBoxLayout(whole);
        row->addWidget(wide, 1);
        row->addWidget(button);
        keepSpacing(row, {}, 6);
        return whole;
    };
    m_ownRow = pair(m_own, remove);
    m_nameRow = pair(m_name, save);
    m_nameRow->hide();
    auto* sets = new QWidget;
    auto* column = new QVBoxLayout(sets);
    column->addWidget(m_sets);
    column->addWidget(m_ownRow);
    column->addWidget(m_nameRow);
    keepSpacing(column, {12, 0, 12, 8}, 6);
    return sets;
}

QWidget* PartsPanel::makeGroup(PartGroup group) {
    m_howMany[group] = new ThemedLabel({}, TextSize::caption, Role::muted, true);
    auto* boxes = new QGridLayout;
    const int columns = group == PartGroup::pages ? 3 : 2;
    int place = 0;
    for (const PartRow& row : partTable()) {
        if (row.group != group) continue;
        auto* box = named(QStringLiteral("parts.show.") + nameOf(row), new QCheckBox(titleOf(row)));
        connect(box, &QCheckBox::clicked, this, [this, name = nameOf(row)](bool on) { take(name, on); });
        m_boxes[nameOf(row)] = box;
        boxes->addWidget(box, place / columns, place % columns);
        ++place;
    }
    for (int i = 0; i < columns; ++i) boxes->setColumnStretch(i, 1);
    auto* whole = new QWidget;
    auto* column = new QVBoxLayout(whole);
    column->addWidget(new GroupHead(lab::titleOf(group), m_howMany[group]));
    column->addLayout(boxes);
    keepSpacing(boxes, {12, 5, 12, 5}, 3);
    keepSpacing(column, {}, 0);
    return whole;
}

QWidget* PartsPanel::makeFooter() {
    auto* save = named("parts.save_as", new Button(tr("Save as\u2026")));
    auto* hide = named("parts.hide", new Button(tr("Hide this panel")));
    connect(save, &Button::clicked, this, &PartsPanel::askName);
    connect(hide, &Button::clicked, this, &PartsPanel::closeWanted);
    for (Button* each : {save, hide}) each->setHeight(28);
    auto* footer = new QWidget;
    auto* row = new QHBoxLayout(footer);
    row->addWidget(save);
    row->addStretch(1);
    row->addWidget(hide);
    keepSpacing(row, {12, 8, 12, 8}, 8);
    return footer;
}

QString PartsPanel::titleOf(const PartRow& row) const {
    if (!row.text.empty()) return shown(Message(row.text));
    const auto* button = m_window.findChild<QAbstractButton*>(row.controls.front());
    return button ? button->text() : nameOf(row);
}

QString PartsPanel::nameOfSet() const {
    const QStringList& hidden = m_hiding.chosen();
    const auto set = std::ranges::find(partSets(), hidden, &PartSet::hidden);
    if (set != partSets().end() && !m_ownChosen) return shown(Message(set->name));
    for (const QString& name : m_settings.partSets())
        if (m_settings.partSet(name) == hidden) return name;
    return {};
}

void PartsPanel::chooseSet(int index) {
    const QStringList own = m_settings.partSets();
    m_ownChosen = index >= ownIndex();
    if (!m_ownChosen)
        m_hiding.setChosen(partSets()[static_cast<std::size_t>(index)].hidden);
    else if (own.isEmpty())
        return askName();
    else if (!own.contains(nameOfSet()))
        m_hiding.setChosen(m_settings.partSet(own.front()));
    refresh();  // it may hide what was hidden
}

void PartsPanel::take(const QString& part, bool shown) {
    QStringList hidden = m_hiding.chosen();
    hidden.removeAll(part);
    if (!shown) hidden << part;
    m_ownChosen = false;
    m_hiding.setChosen(hidden);
    refresh();  // also when the last page stays
}

void PartsPanel::askName() {
    m_nameRow->show();
    m_name->clear();
    m_name->setFocus();
}

void PartsPanel::saveSet() {
    const QString name = m_name->text().trimmed();
    if (name.isEmpty()) return;
    m_settings.setPartSet(name, m_hiding.chosen());
    m_ownChosen = true;
    m_nameRow->hide();
    setFocus();
    refresh();
}

void PartsPanel::removeSet() {
    m_settings.removePartSet(m_own->currentText());
    m_ownChosen = false;
    refresh();
}

void PartsPanel::refresh() {
    const QStringList hidden = m_hiding.hidden();
    std::map<PartGroup, std::pair<int, int>> counts;  ///< shown, of all
    for (const PartRow& row : partTable()) {
        const bool isShown = !hidden.contains(nameOf(row)), lessons = m_hiding.lessons().contains(nameOf(row));
        QCheckBox* box = m_boxes.at(nameOf(row));
        box->setChecked(isShown);
        box->setEnabled(!lessons);
        box->setToolTip(lessons ? tr("The lesson hides it") : QString());
        counts[row.group].first += isShown;
        ++counts[row.group].second;
    }
    for (const auto& [group, label] : m_howMany) label->setText(tr("%1 of %2 shown").arg(counts[group].first).arg(counts[group].second));
    const auto set = m_ownChosen ? partSets().end() : std::ranges::find(partSets(), m_hiding.chosen(), &PartSet::hidden);
    m_sets->setCurrent(static_cast<int>(set - partSets().begin()));
    const QStringList own = m_settings.partSets();
    m_own->clear();
    m_own->addItems(own);
    m_own->setCurrentText(nameOfSet());
    m_ownRow->setVisible(!own.isEmpty() && set == partSets().end());
    emit setChanged();
}

void PartsPanel::keyPressEvent(QKeyEvent* event) {
    if (event->key() != Qt::Key_Escape) return QWidget::keyPressEvent(event);
    if (m_nameRow->isHidden()) return emit closeWanted();
    m_nameRow->hide();
    refresh();
}

void PartsPanel::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.fillRect(rect(), theme.color(Role::panel));
    drawHairline(painter, rect().topRight(), rect().bottomRight(), theme.color(Role::hairline));
}

}  // namespace lab
