#pragma once

#include <QDialog>
#include <QTimer>

#include "ui/window/serving.h"

class QCheckBox;
class QGridLayout;
class QLineEdit;
class QSpinBox;

namespace lab {

class Button;
class DataTable;
class EmptyState;
class ProblemLabel;
class ThemedLabel;

/// Serves the session to other programs of this computer, or not: where, with which token, and who asks for what.
class ServeDialog : public QDialog {
    Q_OBJECT

public:
    explicit ServeDialog(Serving& serving, QWidget* parent = nullptr);

    QCheckBox& onSwitch() const { return *m_on; }
    QSpinBox& port() const { return *m_port; }
    QLineEdit& address() const { return *m_address; }
    QLineEdit& token() const { return *m_token; }
    Button& showToken() const { return *m_show; }
    /// Copies a line for a shell that asks for the runs, token included.
    Button& copyCommand() const { return *m_copyCommand; }
    const ProblemLabel& problem() const { return *m_problem; }
    const ThemedLabel& who() const { return *m_who; }
    DataTable& requests() const { return *m_requests; }

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void makeParts();
    void makeTable();
    void arrange();
    void addLine(QGridLayout& grid, const QString& name, QLineEdit& line, const std::vector<Button*>& buttons);
    void applyMeasures();
    void turn(bool on);
    void hideToken(bool hidden);
    void followState();
    void followVisitors();
    QString whoAsks() const;

    Serving& m_serving;
    Serving::Visitors m_visitors;
    QTimer m_looking;
    QCheckBox* m_on;
    QSpinBox* m_port;
    ThemedLabel *m_about, *m_who;
    ProblemLabel* m_problem;
    QLineEdit *m_address, *m_token;
    Button *m_copyAddress, *m_show, *m_copyToken, *m_copyCommand;
    EmptyState* m_nobody;
    DataTable* m_requests;
};

}  // namespace lab
