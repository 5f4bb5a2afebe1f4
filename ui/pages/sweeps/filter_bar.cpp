#include "ui/pages/sweeps/filter_bar.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QVBoxLayout>
#include <algorithm>

#include "core/base/errors.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/named.h"
#include "ui/widgets/problem_label.h"
#include "ui/widgets/spoken_help.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

constexpr int filterBarGap = 8;  // logical px at 100 %
constexpr int mostValuesOnAChip = 3;

QString listed(const std::set<std::string>& values) {
    QStringList names;
    for (const std::string& value : values) {
        if (names.size() == mostValuesOnAChip) {
            names += FilterBar::tr("%1 more").arg(std::ssize(values) - mostValuesOnAChip);
            break;
        }
        names += QString::fromStdString(value);
    }
    return names.join(QStringLiteral(", "));
}

void clearLayout(QHBoxLayout& layout) {
    while (QLayoutItem* item = layout.takeAt(0)) {
        if (item->widget()) item->widget()->deleteLater();
        delete item;
    }
}

}  // namespace

FilterBar::FilterBar(QWidget* parent) : QWidget(parent) {
    m_field = named(".text", new QLineEdit);
    m_field->setAccessibleName(tr("Filter"));
    m_field->setPlaceholderText(tr("Filter: kv seed!=3 test_accuracy<90% diverged"));
    setHelp(*m_field,
            tr("<p>Conditions between blanks; a row must fulfil all: <b>name=value</b>, <b>name=one,other</b>, <b>name!=value</b>, "
               "<b>name&lt;90%</b>, <b>&lt;=</b>, <b>&gt;</b>, <b>&gt;=</b>, <b>diverged</b>, or a word that is part of a value. A "
               "name is a key or the end of one, or a column of the results as test_accuracy.</p>"));
    m_field->setClearButtonEnabled(true);
    m_values = named(".values", new Button(tr("Values")));
    m_values->setGlyph(Glyph::chevronDown);
    m_values->setToolTip(tr("Choose values of the keys"));
    m_menu = new QMenu(m_values);
    m_values->setMenu(m_menu);
    m_chips = new QWidget;
    m_chipRow = new QHBoxLayout(m_chips);
    m_chipRow->setContentsMargins(0, 0, 0, 0);
    m_count = new ThemedLabel({}, TextSize::caption, Role::muted);
    m_problem = new ProblemLabel;
    auto* line = new QHBoxLayout;
    line->addWidget(m_field, 1);
    line->addWidget(m_chips);
    line->addWidget(m_values);
    line->addWidget(m_count);
    auto* column = new QVBoxLayout(this);
    column->addLayout(line);
    column->addWidget(m_problem);
    connect(m_field, &QLineEdit::textChanged, this, &FilterBar::readAgain);
    connect(m_menu, &QMenu::aboutToShow, this, &FilterBar::fillMenu);
    followTheme(this, &FilterBar::applyMeasures);
}

void FilterBar::applyMeasures() {
    const Theme& theme = Theme::instance();
    const int eight = theme.px(filterBarGap);
    layout()->setContentsMargins(eight, eight / 2, eight, eight / 2);
    layout()->setSpacing(eight / 2);
    m_field->setMinimumWidth(theme.px(140));
    m_field->setFixedHeight(theme.px(22));
}

QString FilterBar::problem() const {
    return m_problem->sentence();
}

void FilterBar::setCount(const QString& text) {
    m_count->setText(text);
}

void FilterBar::setRows(const SweepRows& rows) {
    const bool same = m_rows.table.keys == rows.table.keys;
    m_rows.table.keys = rows.table.keys;
    m_rows.values = rows.values;
    if (same) return;
    m_chosen.clear();
    showChips();
    readAgain();
}

void FilterBar::clear() {
    m_chosen.clear();
    showChips();
    if (m_field->text().isEmpty()) return readAgain();
    m_field->clear();
}

void FilterBar::choose(std::size_t key, const std::set<std::string>& values) {
    const std::string& path = m_rows.table.keys[key];
    const bool all = values.empty() || values.size() == m_rows.values[key].size();
    if (all)
        m_chosen.erase(path);
    else
        m_chosen[path] = values;
    showChips();
    readAgain();
}

void FilterBar::fillMenu() {
    m_menu->clear();
    const std::vector<std::string> names = shortNames(m_rows.table.keys);
    for (std::size_t k = 0; k < names.size(); ++k) {
        QMenu* values = m_menu->addMenu(QString::fromStdString(names[k]));
        const auto chosen = m_chosen.find(m_rows.table.keys[k]);
        for (const std::string& value : m_rows.values[k]) {
            QAction* action = values->addAction(QString::fromStdString(value));
            action->setCheckable(true);
            action->setChecked(chosen != m_chosen.end() && chosen->second.contains(value));
            connect(action, &QAction::toggled, this, [this, k, value](bool on) {
                const auto now = m_chosen.find(m_rows.table.keys[k]);
                std::set<std::string> wanted = now == m_chosen.end() ? std::set<std::string>() : now->second;
                if (on)
                    wanted.insert(value);
                else
                    wanted.erase(value);
                choose(k, wanted);
            });
        }
        numberActions(*values, m_values->objectName() + QStringLiteral(".key_%1").arg(k + 1));
    }
    m_menu->addSeparator();
    QAction* all = m_menu->addAction(tr("All rows"));
    all->setObjectName(m_values->objectName() + QStringLiteral(".all"));
    all->setEnabled(!m_chosen.empty() || !m_field->text().isEmpty());
    connect(all, &QAction::triggered, this, &FilterBar::clear);
}

void FilterBar::showChips() {
    clearLayout(*m_chipRow);
    const std::vector<std::string> names = shortNames(m_rows.table.keys);
    for (std::size_t k = 0; k < names.size(); ++k) {
        const auto chosen = m_chosen.find(m_rows.table.keys[k]);
        if (chosen == m_chosen.end()) continue;
        auto* chip = named(objectName() + QStringLiteral(".chip_%1").arg(k + 1),
                           new Button(QStringLiteral("%1 = %2 \u00D7").arg(QString::fromStdString(names[k]), listed(chosen->second))));
        chip->setHeight(20);
        chip->setToolTip(tr("Take this condition away"));
        connect(chip, &Button::clicked, this, [this, k] { choose(k, {}); });
        m_chipRow->addWidget(chip);
    }
    m_chips->setVisible(m_chipRow->count() > 0);
}

/// What stands before the first condition that cannot be read holds already: a person is typing.
RowFilter FilterBar::readable(QString& problem) const {
    QString text = m_field->text();
    while (true) {
        try {
            return parseRowFilter(text.toStdString(), m_rows.table);
        } catch (const InputError& error) {
            problem = shown(messageOf(error));
            text = text.trimmed();
            text.truncate(std::max<qsizetype>(text.lastIndexOf(QLatin1Char(' ')), 0));
        }
    }
}

void FilterBar::addChosen(RowFilter& filter, const std::set<std::size_t>& but) const {
    for (const auto& [path, values] : m_chosen) {
        const auto key = static_cast<std::size_t>(std::ranges::find(m_rows.table.keys, path) - m_rows.table.keys.begin());
        if (but.contains(key)) continue;
        filter.conditions.push_back({RowCondition::Test::oneOf, {key}, {values.begin(), values.end()}, 0});
    }
}

RowFilter FilterBar::filterBut(const std::set<std::size_t>& keys) const {
    QString problem;
    RowFilter filter = readable(problem);
    addChosen(filter, keys);
    return filter;
}

bool FilterBar::chooses(std::size_t key, const std::set<std::string>& values) const {
    const auto chosen = m_chosen.find(m_rows.table.keys[key]);
    return chosen != m_chosen.end() && chosen->second == values;
}

void FilterBar::readAgain() {
    QString problem;
    m_filter = readable(problem);
    addChosen(m_filter, {});
    m_problem->say(problem, *m_field);
    emit changed();
}

QString FilterBar::words(const std::set<std::size_t>& but) const {
    QStringList parts;
    const std::vector<std::string> names = shortNames(m_rows.table.keys);
    for (std::size_t k = 0; k < names.size(); ++k)
        if (const auto chosen = m_chosen.find(m_rows.table.keys[k]); chosen != m_chosen.end() && !but.contains(k))
            parts += QStringLiteral("%1 = %2").arg(QString::fromStdString(names[k]), listed(chosen->second));
    if (!m_field->text().trimmed().isEmpty() && m_problem->sentence().isEmpty()) parts += m_field->text().trimmed();
    return parts.join(QStringLiteral(", "));
}

}  // namespace lab
