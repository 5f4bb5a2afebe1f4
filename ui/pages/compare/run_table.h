#pragma once

#include <QPointer>

#include "ui/scenes/measure_words.h"
#include "ui/widgets/table/still_table.h"

class QLineEdit;

namespace lab {

/// One run, or the seeds of a variant: texts as they are shown.
struct RunRow {
    enum class Does { train, pause, nothing };  ///< what pressing its state does

    QString name;
    Role role = Role::series1;
    QString state;
    Does does = Does::nothing;
    bool bad = false;  ///< diverged or failed
    QString step, loss, accuracy, accuracySpread, effort, effortSpread, parameters, rate, cache, difference;
    bool current = false;  ///< the run that the window shows
    bool mapped = false;   ///< its map stands below

    bool operator==(const RunRow&) const = default;
};

/// The list of runs (LOOK.md 4, tables). Up and Down choose, Enter trains or pauses, M shows or hides its map, F2 renames, Delete removes,
/// the menu key opens the menu; the mouse does the same where these things are drawn.
class RunTable : public StillTable {
    Q_OBJECT

public:
    explicit RunTable(QWidget* parent = nullptr);

    void setRows(std::vector<RunRow> rows);
    const std::vector<RunRow>& rows() const { return m_rows; }
    /// Of the column of effort ("steps to 99 %") and of the last column, which says what differs.
    void setHeaders(const QString& effort, const QString& difference);
    QString effortHeader() const { return m_effortHeader; }
    QString differenceHeader() const { return m_differenceHeader; }
    /// Opens a field over a row's name.
    void edit(int row);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

    /// What the runs are measured by beside their loss.
    void setMeasure(Measure measure);
    Measure measure() const { return m_measure; }

signals:
    void chosen(int row);
    void toggled(int row);
    void mapToggled(int row);
    void removeWanted(int row);
    void renamed(int row, const QString& name);
    void menuWanted(int row, const QPoint& at);  ///< global

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;
    std::vector<QRectF> rooms(const QRectF& line) const override;
    std::vector<QRectF> titleRooms(const QRectF& line) const override;
    std::optional<Role> groundOf(int row) const override;

private:
    enum Column { map, name, state, step, loss, accuracy, effort, parameters, rate, cache, difference, columnCount };
    std::vector<QRect> columnRects(const QRect& row) const;
    void nameColumns();
    int columnAt(const QPoint& position) const;
    int currentRow() const;
    void choose(int row);
    void paintMapped(QPainter& painter, const RunRow& row, const QRectF& room) const;
    void paintName(QPainter& painter, const RunRow& row, const QRectF& room) const;
    void paintState(QPainter& painter, const RunRow& row, QRectF room) const;
    void describe();

    std::vector<RunRow> m_rows;
    QString m_effortHeader, m_differenceHeader;
    Measure m_measure = LossKind::cross_entropy;
    QPointer<QLineEdit> m_editor;
};

}  // namespace lab
