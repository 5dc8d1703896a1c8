import {
  createSchedule,
  deleteSchedule,
  listSchedules,
  pauseSchedule,
  resumeSchedule,
} from '#libs/contracts/tasks-schedules';
import { cancelTask, getTask, listTasks, retryTask, taskStatistics, watchTask } from '#libs/contracts/tasks';
import { eventStream, route, type Route } from '../http/route.js';

/** Work that takes its time, and how it stands. */
export const taskRoutes: readonly Route[] = [
  route('GET /tasks', listTasks, {
    auth: 'required',
    query: ['kind', 'status', 'project_id', 'dead', 'everyone', 'after', 'limit'],
    summary: 'My tasks, newest first',
  }),
  route('GET /tasks/statistics', taskStatistics, {
    auth: 'required',
    summary: 'How much waits and runs, by kind, for administrators',
  }),
  route('POST /tasks/schedules', createSchedule, {
    auth: 'required',
    headers: { idempotency_key: 'idempotency-key' },
    status: 201,
    summary: 'Ask for work again and again, at the times of a cron pattern',
  }),
  route('GET /tasks/schedules', listSchedules, { auth: 'required', summary: 'My schedules, newest first' }),
  route('POST /tasks/schedules/:schedule_id/pause', pauseSchedule, {
    auth: 'required',
    summary: 'Begin nothing more of a schedule',
  }),
  route('POST /tasks/schedules/:schedule_id/resume', resumeSchedule, {
    auth: 'required',
    summary: 'Go on with a schedule from its next due time',
  }),
  route('DELETE /tasks/schedules/:schedule_id', deleteSchedule, { auth: 'required', summary: 'Remove a schedule' }),
  route('GET /tasks/:task_id', getTask, {
    auth: 'required',
    headers: { client: 'user-agent' },
    summary: 'How a task stands',
  }),
  eventStream('GET /tasks/:task_id/events', watchTask, {
    auth: 'required',
    summary: 'What becomes of a task, as it happens, until it is over',
  }),
  route('POST /tasks/:task_id/cancel', cancelTask, {
    auth: 'required',
    summary: 'Stop a task, wherever it is',
  }),
  route('POST /tasks/:task_id/retry', retryTask, {
    auth: 'required',
    summary: 'Begin a failed or cancelled task anew',
  }),
];
