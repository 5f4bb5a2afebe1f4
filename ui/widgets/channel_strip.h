#pragma once

#include <QString>
#include <QWidget>
#include <vector>

#include "ui/widgets/theme.h"

namespace lab {

/// The read-out beside a plot (LOOK.md: a legend is a read-out): title, then one row a curve with its line sample, name and value.
class ChannelStrip : public QWidget {
    Q_OBJECT

public:
    enum class Sample { line, lineWithSquares, raw, dotted };
    struct Row {
        Role role = Role::series1;
        Sample sample = Sample::line;
        QString name;
        QString value;
        bool spare = false;  ///< left out where there is no room for all rows and what stands below them
    };

    explicit ChannelStrip(QWidget* parent = nullptr);

    void setTitle(const QString& title);
    /// Muted, at the right of the title: a unit, or where the values come from.
    void setCaption(const QString& caption);
    void setRows(std::vector<Row> rows);
    const std::vector<Row>& rows() const { return m_rows; }
    QString title() const { return m_title; }
    QString caption() const { return m_caption; }
    /// Shown below the rows in what height is left; taken over. Hidden when there is too little.
    void setExtra(QWidget* extra);

    /// Everything it says, in one line.
    QString summary() const;
    /// As wide as the title asks for; names of rows are shortened where their values need the room.
    QSize sizeHint() const override;

    /// What paintEvent draws, for figures.
    void paint(QPainter& painter) const;

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void paintRow(QPainter& painter, const Row& row, const QRect& rect) const;
    void placeExtra();
    std::vector<Row> shownRows() const;

    QString m_title;
    QString m_caption;
    std::vector<Row> m_rows;
    QWidget* m_extra = nullptr;
};

}  // namespace lab
