#include "ui/pages/maps/ablation_table.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStyledItemDelegate>
#include <algorithm>
#include <cmath>

#include "core/base/number_text.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/sort_header.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int tableRow = 24;
constexpr int padding = 6;
constexpr int choiceWidth = 46;
constexpr int choiceHeight = 18;
constexpr int leastBar = 16, mostBar = 96;
constexpr int barHeight = 10;
constexpr double leastFixedLoss = 5e-4;  // smaller ones are written as 6.2e-6

using State = AblationTable::State;
constexpr State choices[] = {State::on, State::off, State::uniform};

QString stateName(State state) {
    switch (state) {
        case State::on:
            return AblationTable::tr("on");
        case State::off:
            return AblationTable::tr("off");
        case State::uniform:
            return AblationTable::tr("uniform");
        case State::several:
            break;
    }
    return AblationTable::tr("several");
}

}  // namespace

class AblationTable::Model : public QAbstractTableModel {
public:
    using QAbstractTableModel::QAbstractTableModel;

    std::vector<Row> rows;
    std::optional<AblationScore> whole;
    int sortColumn = nameColumn;
    bool ascending = true;

    int rowCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : static_cast<int>(rows.size()); }
    int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : AblationTable::columnCount; }
    const Row& row(int index) const { return rows[static_cast<std::size_t>(index)]; }

    QVariant data(const QModelIndex& index, int role) const override {
        if (!index.isValid()) return {};
        if (role == Qt::DisplayRole || role == Qt::AccessibleTextRole) return text(row(index.row()), index.column());
        if (role == Qt::ToolTipRole) return help(row(index.row()), index.column());
        return {};
    }

    QVariant headerData(int section, Qt::Orientation orientation, int role) const override {
        if (orientation != Qt::Horizontal) return {};
        if (role == Qt::DisplayRole || role == Qt::AccessibleTextRole) return title(section);
        if (role == Qt::ToolTipRole) return titleHelp(section);
        return {};
    }

    /// Of one column of a row: what switching it alone changes; not a number where nothing was measured.
    double change(const Row& row, int column) const {
        const auto& score = column == offLoss || column == offAccuracy ? row.entry.off : row.entry.uniform;
        if (!whole || !score) return std::nan("");
        return column == offLoss || column == uniformLoss ? score->loss - whole->loss : score->accuracy - whole->accuracy;
    }

    double mostChange(int column) const {
        double most = 0.0;
        for (const Row& row : rows)
            if (const double value = change(row, column); std::isfinite(value)) most = std::max(most, std::abs(value));
        return most;
    }

    void replace(std::vector<Row> newRows) {
        const bool same = newRows.size() == rows.size();
        if (!same) beginResetModel();
        rows = std::move(newRows);
        sortRows();
        if (!same) endResetModel();
        if (same && !rows.empty()) emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    }

    void sortRows() {
        const auto place = [](const Row& row) {
            // A block stands behind its heads.
            return std::pair(row.entry.subject.block, row.entry.subject.head < 0 ? 1 << 20 : row.entry.subject.head);
        };
        std::stable_sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) { return place(a) < place(b); });
        if (sortColumn == nameColumn) {
            if (!ascending) std::reverse(rows.begin(), rows.end());
            return;
        }
        std::stable_sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
            const double x = key(a), y = key(b);
            if (std::isnan(x) || std::isnan(y)) return !std::isnan(x) && std::isnan(y);
            return ascending ? x < y : y < x;
        });
    }

private:
    double key(const Row& row) const { return sortColumn == stateColumn ? static_cast<double>(row.state) : change(row, sortColumn); }

    static QString title(int section) {
        switch (section) {
            case nameColumn:
                return AblationTable::tr("head");
            case stateColumn:
                return AblationTable::tr("switch");
            case offLoss:
                return AblationTable::tr("\u0394 loss, off");
            case offAccuracy:
                return AblationTable::tr("\u0394 acc., off");
            case uniformLoss:
                return AblationTable::tr("\u0394 loss, uniform");
            default:
                return AblationTable::tr("\u0394 acc., uniform");
        }
    }

    static QString titleHelp(int section) {
        const QString how = QLatin1Char('\n') + AblationTable::tr("Click, or press S in this column, to sort by it.");
        if (section == nameColumn) return AblationTable::tr("L = layer, H = head, from 0; all = every head of the layer.") + how;
        if (section == stateColumn)
            return AblationTable::tr(
                       "off: the head's output is 0. uniform: it spreads its weight evenly over what each query may see. "
                       "The whole window follows at once.") +
                   how;
        const bool off = section == offLoss || section == offAccuracy;
        return AblationTable::tr(
                   "How %1 changes when this head alone is %2, all others as trained.\nLarge: the model leans on it. "
                   "Near 0: others do its work, or it has none.")
                   .arg(section == offLoss || section == uniformLoss ? AblationTable::tr("the loss")
                                                                     : AblationTable::tr("the accuracy, in percentage points,"),
                        off ? AblationTable::tr("switched off") : AblationTable::tr("made uniform")) +
               how;
    }

    QString text(const Row& row, int column) const {
        if (column == nameColumn) return row.name;
        if (column == stateColumn) return stateName(row.state);
        const double value = change(row, column);
        if (std::isnan(value)) return QStringLiteral("\u2013");
        if (column == offLoss || column == uniformLoss) return lossChangeText(value);
        return signedFixed(100.0 * value, 1) + QStringLiteral("\u00A0pp");
    }

    QString help(const Row& row, int column) const {
        if (column == nameColumn || column == stateColumn)
            return AblationTable::tr("%1 is %2.\nO switches it off and on, U makes it uniform, Enter chooses the next.")
                .arg(row.name, stateName(row.state));
        return AblationTable::tr("%1, %2: %3").arg(row.name, title(column), text(row, column));
    }
};

class AblationTable::Painter : public QStyledItemDelegate {
public:
    Painter(const Model& model, AblationTable* table) : QStyledItemDelegate(table), m_model(model), m_table(table) {}

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const Theme& theme = Theme::instance();
        const Row& row = m_model.row(index.row());
        painter->save();
        const bool current = index.row() == m_table->currentIndex().row();
        painter->fillRect(option.rect, theme.color(current ? Role::selection : Role::screen));
        if (index.column() == stateColumn)
            paintChoices(*painter, row, index.row());
        else
            paintText(*painter, option.rect.adjusted(theme.px(padding), 0, -theme.px(padding), 0), row, index);
        if (m_table->hasFocus() && FocusRing::byKeyboard() && index == m_table->currentIndex())
            lab::drawFrame(*painter, QRectF(option.rect).adjusted(1, 1, -1, -1), 0, theme.color(Role::accent), Qt::transparent,
                           theme.px(2));
        painter->restore();
    }

private:
    void paintChoices(QPainter& painter, const Row& row, int index) const {
        const Theme& theme = Theme::instance();
        for (const State choice : choices) {
            const QRect rect = m_table->stateRect(index, choice);
            const bool on = row.state == choice;
            lab::drawFrame(painter, rect, theme.px(2), theme.color(on ? Role::accent : Role::hairline),
                           theme.color(on ? Role::selection : Role::control));
            painter.setFont(theme.font(TextSize::caption, on));
            painter.setPen(theme.color(on ? Role::text : Role::muted));
            painter.drawText(rect, Qt::AlignCenter, stateName(choice));
        }
    }

    void paintText(QPainter& painter, QRect room, const Row& row, const QModelIndex& index) const {
        const Theme& theme = Theme::instance();
        const int column = index.column();
        if (column == offLoss || column == uniformLoss) {
            const QRectF track(room.right() + 1 - m_table->m_bar, room.center().y() - theme.px(barHeight) / 2.0 + 1, m_table->m_bar,
                               theme.px(barHeight));
            painter.fillRect(track, theme.color(Role::track));
            // One scale for both, so that off and uniform can be compared; what lowers the loss has no bar but its sign.
            const double most = std::max(m_model.mostChange(offLoss), m_model.mostChange(uniformLoss));
            const double value = m_model.change(row, column);
            if (value > 0.0 && most > 0.0)
                painter.fillRect(QRectF(track.topLeft(), QSizeF(track.width() * value / most, track.height())), theme.color(Role::series1));
            room.setRight(room.right() - m_table->m_bar - theme.px(padding));
        }
        const QString text = index.data().toString();
        painter.setFont(theme.font(TextSize::axis, column == m_model.sortColumn || column == nameColumn));
        painter.setPen(theme.color(text == QStringLiteral("\u2013") ? Role::muted : Role::text));
        painter.drawText(room, (column == nameColumn ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter, text);
    }

    const Model& m_model;
    const AblationTable* m_table;
};

AblationTable::AblationTable(QWidget* parent) : QTableView(parent), m_model(new Model(this)), m_header(new SortHeader(this)) {
    setAccessibleName(tr("Heads and their switches"));
    setModel(m_model);
    m_header->setWords([](int column) { return column <= stateColumn; });
    m_header->setSorted(m_model->sortColumn, m_model->ascending);
    setHorizontalHeader(m_header);
    verticalHeader()->hide();
    setItemDelegate(new Painter(*m_model, this));
    setShowGrid(false);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setTabKeyNavigation(false);
    setFrameShape(QFrame::NoFrame);
    FocusRing::exempt(this);
    connect(m_header, &QHeaderView::sectionClicked, this, [this](int column) {
        const bool again = column == m_model->sortColumn;
        sortByColumn(column, again ? !m_model->ascending : column == nameColumn);
    });
    connect(&Theme::instance(), &Theme::changed, this, &AblationTable::applyMeasures);
    applyMeasures();
}

void AblationTable::setRows(std::vector<Row> rows, const std::optional<AblationScore>& whole) {
    m_model->whole = whole;
    const QModelIndex current = currentIndex();
    const bool keeps = current.isValid();
    const AblationSubject kept = keeps ? m_model->row(current.row()).entry.subject : AblationSubject{};
    m_model->replace(std::move(rows));
    for (int i = 0; i < m_model->rowCount(); ++i)
        if (keeps ? m_model->row(i).entry.subject == kept : i == 0)
            setCurrentIndex(m_model->index(i, keeps ? current.column() : stateColumn));
    arrangeColumns();
    viewport()->update();
}

const std::vector<AblationTable::Row>& AblationTable::rows() const {
    return m_model->rows;
}

void AblationTable::sortByColumn(int column, bool ascending) {
    m_model->sortColumn = column;
    m_model->ascending = ascending;
    m_header->setSorted(column, ascending);
    setRows(m_model->rows, m_model->whole);
}

QRect AblationTable::stateRect(int row, State state) const {
    const Theme& theme = Theme::instance();
    const QRect cell = visualRect(m_model->index(row, stateColumn));
    const int width = theme.px(choiceWidth), height = theme.px(choiceHeight);
    return {cell.left() + theme.px(padding) + static_cast<int>(state) * (width + 2), cell.center().y() - height / 2 + 1, width, height};
}

void AblationTable::switchRow(int row, State state) {
    emit switched(m_model->row(row).entry.subject, state);
}

void AblationTable::mousePressEvent(QMouseEvent* event) {
    QTableView::mousePressEvent(event);
    const QModelIndex index = indexAt(event->pos());
    viewport()->update();
    if (!index.isValid() || index.column() != stateColumn) return;
    for (const State choice : choices)
        if (stateRect(index.row(), choice).contains(event->pos())) return switchRow(index.row(), choice);
}

void AblationTable::keyPressEvent(QKeyEvent* event) {
    const QModelIndex index = currentIndex();
    const bool plain = event->modifiers() == Qt::NoModifier || event->modifiers() == Qt::KeypadModifier;
    const State state = index.isValid() ? m_model->row(index.row()).state : State::on;
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (!plain || !index.isValid())
        QTableView::keyPressEvent(event);
    else if (event->key() == Qt::Key_O)
        switchRow(index.row(), state == State::off ? State::on : State::off);
    else if (event->key() == Qt::Key_U)
        switchRow(index.row(), state == State::uniform ? State::on : State::uniform);
    else if (enter)
        switchRow(index.row(), state == State::on ? State::off : state == State::off ? State::uniform : State::on);
    else if (event->key() == Qt::Key_S)
        m_header->sectionClicked(index.column());
    else if (event->key() == Qt::Key_Space || event->key() == Qt::Key_Escape)
        event->ignore();  // the window's: train, and the page's: back
    else
        QTableView::keyPressEvent(event);
    viewport()->update();
}

void AblationTable::resizeEvent(QResizeEvent* event) {
    QTableView::resizeEvent(event);
    arrangeColumns();
}

void AblationTable::applyMeasures() {
    const Theme& theme = Theme::instance();
    verticalHeader()->setMinimumSectionSize(theme.px(tableRow));
    verticalHeader()->setDefaultSectionSize(theme.px(tableRow));
    arrangeColumns();
}

void AblationTable::arrangeColumns() {
    const Theme& theme = Theme::instance();
    int name = theme.px(56);
    for (const Row& row : m_model->rows)
        name = std::max(name, textWidth(theme.font(TextSize::axis, true), row.name) + 2 * theme.px(padding));
    const int state = 3 * (theme.px(choiceWidth) + 2) + 2 * theme.px(padding);
    const int loss = theme.px(56 + 3 * padding), accuracy = theme.px(76), longAccuracy = theme.px(98);
    const int spare = viewport()->width() - name - state - 2 * loss - accuracy - longAccuracy;
    m_bar = std::clamp(spare / 2, theme.px(leastBar), theme.px(mostBar));
    setColumnWidth(nameColumn, name);
    setColumnWidth(stateColumn, state);
    for (const int column : {offLoss, uniformLoss}) setColumnWidth(column, loss + m_bar);
    setColumnWidth(offAccuracy, accuracy);
    setColumnWidth(uniformAccuracy, longAccuracy);
}

FigureTable AblationTable::table() const {
    FigureTable result;
    result.header = {"head", "switch", "loss_change_off", "accuracy_change_off", "loss_change_uniform", "accuracy_change_uniform"};
    for (const Row& row : m_model->rows) {
        std::vector<std::string> cells{row.name.toStdString(), stateName(row.state).toStdString()};
        for (int column = offLoss; column < columnCount; ++column) {
            const double value = m_model->change(row, column);
            cells.push_back(std::isnan(value) ? std::string() : numberText(value));
        }
        result.rows.push_back(std::move(cells));
    }
    return result;
}

QString lossText(double loss) {
    return loss != 0.0 && std::abs(loss) < leastFixedLoss ? scientific(loss, 1) : fixed(loss, 4);
}

QString lossChangeText(double change) {
    const bool tiny = change != 0.0 && std::abs(change) < leastFixedLoss;
    return tiny ? (change > 0.0 ? QStringLiteral("+") : QString()) + scientific(change, 1) : signedFixed(change, 4);
}

}  // namespace lab
