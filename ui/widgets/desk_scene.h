#pragma once

#include <QPainter>
#include <optional>
#include <vector>

#include "core/explain/walk.h"

namespace lab {

/// How a stage of the explainer is laid out and drawn: grids above one another, one column per key (or dim) through all of them, labels at
/// the left, results in the master column at the right. For the desk on the screen and for the handout.
class DeskScene {
public:
    /// The stage is kept as it is; `available` is the width there is, in device-independent px; 0: as much as its numbers need. Columns
    /// that do not fit beside one another stand in several lines where `high`, the legend included, has room for them all; else they
    /// scroll.
    void setStage(const explain::Stage& stage, double available, double high = 0.0);
    /// Own numbers bring faders for scores; to be laid out anew.
    void setOwnNumbers(bool own) { m_own = own; }
    /// For paper: more rows on a page; before setStage.
    void setLowRows(bool low) { m_lowRows = low; }
    const explain::Stage& stage() const { return m_stage; }
    bool empty() const { return m_boxes.empty(); }

    double height() const { return m_height; }
    double leftWidth() const { return m_left; }    ///< labels and leads, pinned
    double rightWidth() const { return m_right; }  ///< the master column, pinned
    double columnWidth() const { return m_column; }
    double columnsWidth() const { return (m_lines > 1 ? m_shown : m_columns) * m_column; }
    int columns() const { return m_columns; }
    int shownColumns() const { return m_lines > 1 ? m_columns : m_shown; }  ///< whole ones in sight at once
    int lines() const { return m_lines; }

    struct View {
        double width = 0.0;
        double scrollX = 0.0;
        double scrollY = 0.0;
        double visibleHeight = 0.0;
        explain::CellRef selected;
        explain::CellRef hovered;
        bool own = false;                           ///< own numbers: what the hand may change carries amber
        std::vector<explain::CellRef> blanks = {};  ///< to be filled in by hand: frames instead of numbers
        int line = 0;                               ///< being painted
    };
    void paint(QPainter& painter, const View& view) const;

    /// Above the columns when they do not all fit: all of them, and which are in sight. 0: they fit.
    double overviewHeight() const;
    void paintOverview(QPainter& painter, const QRectF& place, const View& view) const;
    /// The first column in sight when the overview is pressed at x.
    int overviewColumn(const QRectF& place, double x) const;
    /// Below: the colour scale of the grid in hand with a needle at the number in hand, that of the weights, and what is outlined.
    double legendHeight() const;
    void paintLegend(QPainter& painter, const QRectF& place, const View& view) const;

    /// Whether a cell's number is one that the hand may change.
    bool editable(const explain::CellRef& cell) const;
    /// True above a fader's cell, where its cap is moved.
    bool inFader(const explain::CellRef& cell, const QPointF& point, const View& view) const;
    /// The weight that a cap at this height stands for.
    double faderValue(const explain::CellRef& cell, double y, const View& view) const;
    /// Largest size on the cell's colour scale.
    double scaleOf(const explain::CellRef& cell) const;

    /// The cell under a point of the view.
    std::optional<explain::CellRef> cellAt(const QPointF& point, const View& view) const;
    /// Where a cell lies in the view; null when there is none.
    QRectF cellRect(const explain::CellRef& cell, const View& view) const;

    QString labelText(std::size_t grid, int row) const;
    /// The number as the cell shows it, times ten to the power of cellExponent, which stands beside its row.
    QString cellText(std::size_t grid, int row, int column) const;
    int cellExponent(std::size_t grid, int row, int column) const;
    /// Of a number that changes, how many characters of its text stay; -1 of any other.
    int stayingCharacters(std::size_t grid, int row, int column) const;

private:
    static constexpr double noSize = 1e-30;  ///< end of a colour scale where all numbers are zero

    struct Box {
        double top = 0.0;     ///< of the title
        double header = 0.0;  ///< of the column labels
        double rows = 0.0;    ///< of the first row
        double rowHeight = 0.0;
        double fader = 0.0;                          ///< height of the faders above the row
        std::vector<int> exponents;                  ///< of each row: its values are shown times 10^-exponent
        std::vector<int> decimals;                   ///< of each row
        std::vector<int> apart;                      ///< of each column: decimals that tell apart what it was and what it becomes
        std::vector<bool> bare;                      ///< of each row: without the 0 before the point
        int masterExponent = 0, masterDecimals = 2;  ///< of the master column and the lead
        double largest = 1.0, largestMaster = 1.0;
        std::vector<double> rowLargest;  ///< end of each row's colour scale
    };
    static bool isMatrix(const explain::Grid& grid);
    static bool besideHeader(const explain::Grid& grid);
    /// The row is what was, or what it becomes.
    static bool changes(const explain::Grid& grid, int row);
    void measureNumbers(const explain::Grid& grid, Box& box) const;
    void tellApart(const explain::Grid& grid, Box& box) const;
    void arrange(double available, double high, int together, bool mayDrop);
    void measureWidths(double available, int together, bool mayDrop);
    void fitColumns(double room, int together, bool mayDrop);
    bool dropDecimals(double room);
    void fewerDecimals(std::size_t grid, const Box& before);
    double widestNumber(const QFont& font) const;
    double widestNumber(const QFont& font, std::size_t grid, int row) const;
    QFont cellFont(bool bold = false) const;
    double layOut(const explain::Grid& grid, Box& box, double top) const;
    bool mayFold() const;
    void fold(double room);
    int lineOf(int column) const;
    double lineTop(const View& view) const { return view.line * m_lineHeight - view.scrollY; }
    double columnX(const View& view, int column) const;
    double columnsEnd(std::size_t grid, const View& view) const;
    QRectF rectOf(std::size_t grid, int row, int column, const View& view) const;
    std::pair<int, int> visibleColumns(const View& view, int count) const;

    void paintGrid(QPainter& painter, std::size_t grid, const View& view) const;
    void paintResultFrame(QPainter& painter, std::size_t grid, int top, int bottom, const View& view) const;
    void paintHeader(QPainter& painter, std::size_t grid, const View& view) const;
    void paintColumnLabels(QPainter& painter, std::size_t grid, const View& view, double y) const;
    void paintPinnedHeader(QPainter& painter, const View& view) const;
    void paintLabels(QPainter& painter, std::size_t grid, const View& view) const;
    void paintCell(QPainter& painter, std::size_t grid, int row, int column, const QRectF& rect, const View& view) const;
    void paintChange(QPainter& painter, const QRectF& place, const QString& stays, const QString& changes) const;
    void paintFader(QPainter& painter, std::size_t grid, int column, const QRectF& cell, const View& view) const;
    void paintSharing(QPainter& painter, const QRectF& place) const;
    double sharingHeight() const;
    std::size_t gridIndex(const std::string& id) const;
    std::size_t overviewGrid(const View& view) const;
    struct Scale {
        QString name;
        double largest = 1.0;
        bool sequential = false;
        std::optional<double> needle;
    };
    std::optional<Scale> valueScale(const View& view) const;
    std::optional<Scale> weightScale(const View& view) const;
    double paintScale(QPainter& painter, const QPointF& at, const Scale& scale) const;
    void paintFrames(QPainter& painter, std::size_t grid, const View& view) const;
    bool lit(const explain::Grid& grid, int column) const;
    QString numberText(const explain::Grid& grid, const Box& box, int row, int column, double value) const;
    QString rowLabel(const explain::Grid& grid, const Box& box, int row) const;
    QString titleText(const explain::Grid& grid, const Box& box) const;
    QString resultLabel(const explain::Words& label, const Box& box) const;
    QString bandResult(const explain::Grid& grid, const Box& box) const;

    bool hasFaders(const explain::Grid& grid) const;
    double faderShare(const explain::Grid& grid, double value) const;

    explain::Stage m_stage;
    bool m_own = false, m_lowRows = false;
    std::vector<Box> m_boxes;
    double m_left = 0.0, m_label = 0.0, m_right = 0.0, m_column = 36.0, m_height = 0.0;
    int m_columns = 0, m_shown = 1;
    int m_lines = 1;            ///< the columns stand in so many lines
    double m_lineHeight = 0.0;  ///< from one to the next
    bool m_dense = false;       ///< low rows, so that all lines fit
    bool m_small = false;       ///< the cells' numbers in caption size, so that the columns fit
};

}  // namespace lab
