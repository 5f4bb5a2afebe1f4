#pragma once

#include <QWidget>
#include <map>
#include <set>

#include "core/sweep/row_statistics.h"

class QHBoxLayout;
class QLineEdit;
class QMenu;

namespace lab {

class Button;
class ProblemLabel;
class ThemedLabel;

/// Which rows are looked at: typed conditions ("form=kv test_accuracy<90%"), and values chosen from a menu, each key's as a chip that a
/// click takes away. What cannot be read is said below; what stands before it holds.
class FilterBar : public QWidget {
    Q_OBJECT

public:
    explicit FilterBar(QWidget* parent = nullptr);

    /// Keys and values to choose from; conditions on keys that are no longer there go.
    void setRows(const SweepRows& rows);
    const RowFilter& filter() const { return m_filter; }
    /// As if nothing were chosen of these keys.
    RowFilter filterBut(const std::set<std::size_t>& keys) const;
    bool chooses(std::size_t key, const std::set<std::string>& values) const;
    /// In words, for captions: "form = kv, swap"; empty when all rows pass. Not of what is chosen of the keys `but`.
    QString words(const std::set<std::size_t>& but = {}) const;

    /// Only these values of a key; none: all.
    void choose(std::size_t key, const std::set<std::string>& values);
    void clear();
    QLineEdit& field() const { return *m_field; }
    QString problem() const;
    QMenu* menu() const { return m_menu; }
    /// What stands at the right end of the line: how many rows pass.
    void setCount(const QString& text);

signals:
    void changed();

private:
    void fillMenu();
    void readAgain();
    RowFilter readable(QString& problem) const;
    void addChosen(RowFilter& filter, const std::set<std::size_t>& but) const;
    void showChips();
    void applyMeasures();

    SweepRows m_rows;                                       ///< keys and values only
    std::map<std::string, std::set<std::string>> m_chosen;  ///< by key
    RowFilter m_filter;
    QLineEdit* m_field;
    Button* m_values;
    QMenu* m_menu;
    QWidget* m_chips;
    QHBoxLayout* m_chipRow;
    ThemedLabel* m_count;
    ProblemLabel* m_problem;
};

}  // namespace lab
