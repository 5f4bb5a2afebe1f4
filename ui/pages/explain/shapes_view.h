#pragma once

#include <QWidget>
#include <vector>

#include "core/explain/shapes.h"

class QLabel;
class QScrollArea;
class QSpinBox;

namespace lab {

class ProblemLabel;
class SegmentedControl;
class ShapeTable;

/// The tensors of every stage, with the sizes of this model and input or with typed ones.
class ShapesView : public QWidget {
    Q_OBJECT

public:
    explicit ShapesView(QWidget* parent = nullptr);

    void setShapes(const explain::Shapes& shapes);
    /// Scrolls there.
    void setStage(const std::string& stage);
    void setTyped(bool typed);
    bool isTyped() const;
    void type(const explain::TypedSizes& sizes);
    explain::TypedSizes typed() const;
    ShapeTable* table() const { return m_table; }
    QString problem() const;

signals:
    void chosen(const QString& stage);

protected:
    void focusInEvent(QFocusEvent* event) override;

private:
    /// A number that is typed, and what it is of.
    struct Field {
        QLabel* label;
        QSpinBox* box;
        std::int64_t explain::TypedSizes::*size;
    };
    void addField(QWidget* row, const QString& id, const QString& symbol, const QString& meaning, std::int64_t explain::TypedSizes::*size);
    void showFields();
    void showTable();
    void reveal();

    explain::Shapes m_shapes;
    SegmentedControl* m_source;
    std::vector<Field> m_fields;
    QWidget* m_fieldRow;
    QLabel *m_rule, *m_width;
    ProblemLabel* m_problem;
    QScrollArea* m_scroll;
    ShapeTable* m_table;
};

}  // namespace lab
