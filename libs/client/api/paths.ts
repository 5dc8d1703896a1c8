/** What the HTTP interface takes and gives, path by path; written by `npm run openapi` from docs/openapi.json. */

export interface paths {
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A greeting */
        get: operations["welcome"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether this process is alive */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create an account */
        post: operations["projects.registerUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign in with e-mail and password */
        post: operations["projects.login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Trade a refresh token for a new pair of tokens */
        post: operations["projects.refreshSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End this session */
        post: operations["projects.endSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout-all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End every session in which I signed in; personal tokens go on, and how many is told */
        post: operations["projects.endAllSessions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who I am */
        get: operations["projects.getMe"];
        /** Change my profile */
        put: operations["projects.updateMe"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change my password */
        put: operations["projects.changePassword"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Find people */
        get: operations["projects.searchUsers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One person */
        get: operations["projects.getUser"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user_id}/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The public projects of one person, newest first */
        get: operations["projects.listUserProjects"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/users/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change the role of a person, or let them in no longer */
        patch: operations["projects.administerUser"];
        trace?: never;
    };
    "/api/v1/users/me/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My tokens, when each ends and was used last */
        get: operations["projects.listTokens"];
        put?: never;
        /** Make a token for a program; it is shown this once */
        post: operations["projects.createToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me/tokens/{token_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End a token at once */
        delete: operations["projects.revokeToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was done to my account, newest first */
        get: operations["projects.listMyAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/feed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Public projects, new or hot */
        get: operations["projects.feed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/public/{project_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One public project */
        get: operations["projects.getPublic"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Projects of mine, and those I have a branch in, oldest first */
        get: operations["projects.list"];
        put?: never;
        /** Begin a project */
        post: operations["projects.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One project */
        get: operations["projects.get"];
        /** Change a project; what is absent or null stays */
        put: operations["projects.update"];
        post?: never;
        /** Delete a project, confirmed by its id and my nickname */
        delete: operations["projects.delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The same, for clients that send no body with DELETE */
        post: operations["projects.delete.post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/like": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Like a project, or no longer; answers whether it is liked now */
        post: operations["projects.toggleLike"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/fork": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Copy a project to my own */
        post: operations["projects.fork"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One branch, to be imported elsewhere */
        get: operations["projects.export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin a project from an export */
        post: operations["projects.import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A film for another editor (OpenTimelineIO, EDL, FCPXML), with what that cannot carry */
        get: operations["projects.exportTimeline"];
        put?: never;
        /** Commit what another editor did to a film: its file comes back, and its shots are found again */
        post: operations["projects.bringTimelineBack"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/import-timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin a project from another editor's file, with what has no place here */
        post: operations["projects.importTimeline"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/anchors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Keep a character reference */
        post: operations["projects.createAnchor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/anchors/{anchor_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One character reference */
        get: operations["projects.getAnchor"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/anchors/project/{project_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The character references of a project */
        get: operations["projects.listAnchors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The people of a project, with their roles */
        get: operations["projects.listMembers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/members/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Give a member another role */
        put: operations["projects.changeMember"];
        post?: never;
        /** Take a member off a project, or leave it */
        delete: operations["projects.removeMember"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/transfer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give a project to one of its people, or to a team */
        post: operations["projects.transfer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who did what on a project, newest first */
        get: operations["projects.listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The open invitations to a project */
        get: operations["projects.listInvitations"];
        put?: never;
        /** Invite somebody to a project, by account or by letter */
        post: operations["projects.invite"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The invitations that wait for my answer */
        get: operations["projects.listMyInvitations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/{invitation_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take an open invitation back */
        delete: operations["projects.revokeInvitation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/{invitation_id}/answer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Accept or decline an invitation to me */
        post: operations["projects.answerInvitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/by-token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What the token of a letter invites to */
        post: operations["projects.readInvitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/by-token/answer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Accept or decline by the token of a letter */
        post: operations["projects.answerInvitationByToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/teams": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The teams I am in */
        get: operations["projects.listTeams"];
        put?: never;
        /** Begin a team */
        post: operations["projects.createTeam"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/teams/{team_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One team of mine */
        get: operations["projects.getTeam"];
        /** Rename a team */
        put: operations["projects.updateTeam"];
        post?: never;
        /** End a team that owns no project */
        delete: operations["projects.deleteTeam"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/teams/{team_id}/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The projects a team owns */
        get: operations["projects.listTeamProjects"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/teams/{team_id}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The people of a team, with their roles */
        get: operations["projects.listTeamMembers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/teams/{team_id}/members/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Give somebody in a team another role */
        put: operations["projects.changeTeamMember"];
        post?: never;
        /** Take somebody out of a team, or leave it */
        delete: operations["projects.removeTeamMember"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/teams/{team_id}/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The open invitations to a team */
        get: operations["projects.listTeamInvitations"];
        put?: never;
        /** Invite somebody to a team, by account or by letter */
        post: operations["projects.inviteToTeam"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/teams/{team_id}/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who did what in a team, newest first */
        get: operations["projects.listTeamAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The webhooks of a project */
        get: operations["projects.listWebhooks"];
        put?: never;
        /** Have events sent to an address; answers with the secret they are signed with, once */
        post: operations["projects.createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/webhooks/{webhook_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove a webhook with its log */
        delete: operations["projects.deleteWebhook"];
        options?: never;
        head?: never;
        /** Change, stop or resume a webhook */
        patch: operations["projects.updateWebhook"];
        trace?: never;
    };
    "/api/v1/projects/{project_id}/webhooks/{webhook_id}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign with a new secret from now on; answers with it, once */
        post: operations["projects.rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/webhooks/{webhook_id}/ping": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a greeting */
        post: operations["projects.pingWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/webhooks/{webhook_id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was sent, newest first */
        get: operations["projects.listWebhookDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/webhooks/{webhook_id}/deliveries/{delivery_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One delivery, with what was sent and answered */
        get: operations["projects.getWebhookDelivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send the same again */
        post: operations["projects.redeliverWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/bundles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Write a project, or what somebody lacks of it, into a bundle */
        post: operations["projects.exportBundle"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bundles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make room for a bundle that is to be taken in, or only verified */
        post: operations["projects.beginImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bundles/{transfer_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What has become of a bundle, and where a finished one is */
        get: operations["projects.getTransfer"];
        put?: never;
        post?: never;
        /** End a transfer, with its bytes */
        delete: operations["projects.endTransfer"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bundles/{transfer_id}/parts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Which parts of an upload have arrived, and where to put the others */
        post: operations["projects.importParts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bundles/{transfer_id}/finish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** All parts have arrived; take the bundle in if nothing is wrong with it */
        post: operations["projects.finishImportUpload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cloud": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which cloud there is, and who I am there */
        get: operations["projects.getCloud"];
        /** Connect with the cloud by a token of my own; it is kept sealed */
        put: operations["projects.connectCloud"];
        post?: never;
        /** Forget my token for the cloud */
        delete: operations["projects.disconnectCloud"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cloud/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My projects in the cloud */
        get: operations["projects.listCloudProjects"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cloud/feed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Public projects in the cloud */
        get: operations["projects.browseCloud"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cloud/clone": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Bring a project of the cloud here, with its history */
        post: operations["projects.cloneFromCloud"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/remote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The project in the cloud that this one is exchanged with */
        get: operations["projects.getRemote"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/pull": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Bring what the cloud has and this project lacks */
        post: operations["projects.pullFromCloud"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/push": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send what this project has and the cloud lacks */
        post: operations["projects.pushToCloud"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cloud/syncs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My clones, pulls and pushes, newest first */
        get: operations["projects.listSyncs"];
        put?: never;
        /** Begin a clone, pull or push that goes on by itself; Location says where to look how far it is */
        post: operations["projects.beginSync"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cloud/syncs/{sync_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far a clone, pull or push is, and what became of it */
        get: operations["projects.getSync"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/branches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The branches of a project, with who made them */
        get: operations["projects.listBranches"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/graph": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The history of a project: branches and commits */
        get: operations["projects.getGraph"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/commits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What led to a branch or commit, newest first */
        get: operations["projects.listCommits"];
        put?: never;
        /** Commit changes to a branch without sending the whole document */
        post: operations["projects.commitChanges"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/commits/{commit}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One commit with its snapshot */
        get: operations["projects.getCommit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/compare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What one branch or commit has that another has not, as data and in words */
        get: operations["projects.compareRefs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/merge-base": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where two branches or commits parted, and how far each has come since */
        get: operations["projects.mergeBase"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What makes the document of one commit that of another, for who has the one and not the other */
        get: operations["projects.listChanges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/head": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The newest commit of a branch */
        get: operations["projects.getHead"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/workspace": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The working document of a branch; its ETag names this state of it */
        get: operations["projects.getWorkspace"];
        /** Save the working document of a branch; with If-Match, only over the state it names */
        put: operations["projects.saveWorkspace"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/fork-branch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin a branch of my own in a project */
        post: operations["projects.forkBranch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/commits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Commit a snapshot to a branch */
        post: operations["projects.createCommit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/branches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin a branch */
        post: operations["projects.createBranch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/branches/{branch_name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete a branch; its commits can still be found by the reflog */
        delete: operations["projects.deleteBranch"];
        options?: never;
        head?: never;
        /** Give a branch another name */
        patch: operations["projects.renameBranch"];
        trace?: never;
    };
    "/api/v1/projects/{project_id}/branches/{branch_name}/move": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Move a branch to another commit, from the head that was seen */
        post: operations["projects.moveBranch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/branches/{branch_name}/rule": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a branch is protected by */
        get: operations["projects.getBranchRule"];
        /** Protect a branch: who commits directly, approvals, deletion, force */
        put: operations["projects.protectBranch"];
        post?: never;
        /** Protect a branch no longer */
        delete: operations["projects.unprotectBranch"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/reflog": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every move of a branch, or of all, newest first */
        get: operations["projects.listBranchMoves"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/tags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tags and releases of a project, newest first */
        get: operations["projects.listTags"];
        put?: never;
        /** Name a commit for ever; with a release, tell about it */
        post: operations["projects.createTag"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/tags/{tag_name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One tag */
        get: operations["projects.getTag"];
        put?: never;
        post?: never;
        /** Delete a tag, with its release */
        delete: operations["projects.deleteTag"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/tags/{tag_name}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Make a tag a release, or better what is told about it */
        put: operations["projects.writeRelease"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/revert": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Undo a commit by a commit; conflicts are listed, and settled by resolutions */
        post: operations["projects.revertCommit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/cherry-pick": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Do again on a branch what a commit did, here or in another project */
        post: operations["projects.cherryPick"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/blame": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which commit last changed each field of one thing */
        get: operations["projects.blameEntity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/workspace/revisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the workspace of a branch was, newest first */
        get: operations["projects.listRevisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/workspace/revisions/{revision}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One save of a workspace */
        get: operations["projects.getRevision"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/workspace/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put a commit, or an earlier save, into the workspace */
        post: operations["projects.restoreWorkspace"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/forks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The forks of a project that I can see, newest first */
        get: operations["projects.listForks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/catch-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Merge what came to the original into a branch of its fork; conflicts are listed, and settled by resolutions */
        post: operations["projects.catchUp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/merge-requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The merge requests of a project, newest first */
        get: operations["projects.listMergeRequests"];
        put?: never;
        /** Offer a branch for merging */
        post: operations["projects.createMergeRequest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/merge-requests/{merge_request_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One merge request */
        get: operations["projects.getMergeRequest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change the words of a merge request, whether it is a draft, and who is asked for a review */
        patch: operations["projects.updateMergeRequest"];
        trace?: never;
    };
    "/api/v1/merge-requests/{merge_request_id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Close a merge request without merging */
        post: operations["projects.closeMergeRequest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/merge-requests/{merge_request_id}/merge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Merge a merge request, from and into the heads that were seen */
        post: operations["projects.mergeMergeRequest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/merge-requests/{merge_request_id}/reopen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Open a closed merge request again */
        post: operations["projects.reopenMergeRequest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/merge-requests/{merge_request_id}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What merging would change, and all that keeps it from being done, with who can clear it */
        get: operations["projects.previewMerge"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/merge-requests/{merge_request_id}/conflicts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The conflicts of a merge request, with what was decided about them */
        get: operations["projects.listConflicts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/merge-requests/{merge_request_id}/conflicts/{conflict_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Settle one conflict; it stays settled for as long as its three inputs are what they are */
        put: operations["projects.resolveConflict"];
        post?: never;
        /** Take a decision back */
        delete: operations["projects.unresolveConflict"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/merge-requests/{merge_request_id}/reviews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who reviewed a merge request, and what of it counts now */
        get: operations["projects.listReviews"];
        put?: never;
        /** Approve what is offered, ask for changes, or just say something */
        post: operations["projects.reviewMergeRequest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/merge-requests/{merge_request_id}/reviews/{review_id}/dismiss": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take the weight from a review, for a reason */
        post: operations["projects.dismissReview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/merge-requests/{merge_request_id}/threads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The conversation about a merge request, with where each thread is now */
        get: operations["projects.listThreads"];
        put?: never;
        /** Say something, about a thing at a frame or about all of it; maybe with a suggestion */
        post: operations["projects.openThread"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/merge-requests/{merge_request_id}/threads/{thread_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Resolve a thread, or open it again */
        patch: operations["projects.settleThread"];
        trace?: never;
    };
    "/api/v1/merge-requests/{merge_request_id}/threads/{thread_id}/comments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Answer in a thread */
        post: operations["projects.replyToThread"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/merge-requests/{merge_request_id}/threads/{thread_id}/comments/{comment_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take back what I said */
        delete: operations["projects.deleteComment"];
        options?: never;
        head?: never;
        /** Change what I said */
        patch: operations["projects.editComment"];
        trace?: never;
    };
    "/api/v1/merge-requests/{merge_request_id}/threads/{thread_id}/comments/{comment_id}/apply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put a suggestion into what is offered, by a commit */
        post: operations["projects.applySuggestion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/files/presigned-url": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An address that takes one PUT of a file */
        post: operations["media.presignUpload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/files/upload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Upload a small file as the last field of a form; larger ones go to the object store themselves */
        post: operations["media.completeUpload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/vn/assets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My scripts and pictures of visual novels */
        get: operations["media.listVnAssets"];
        put?: never;
        /** Make an asset of a project out of an upload */
        post: operations["media.createVnAsset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/media/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin uploads; what I can read here already is an asset at once */
        post: operations["media.startUploads"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/media/uploads/{upload_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How an upload stands: which parts the store has */
        get: operations["media.getUpload"];
        put?: never;
        post?: never;
        /** Give an upload up */
        delete: operations["media.abortUpload"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/media/uploads/{upload_id}/parts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Addresses that take one PUT of one part each */
        post: operations["media.presignParts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/media/uploads/{upload_id}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** All bytes are there; have them verified */
        post: operations["media.completeUpload.post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/media/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What my media take, and what I may take */
        get: operations["media.getUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/media/assets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Assets of a project, or mine; newest first */
        get: operations["media.listAssets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/media/wanted": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Addresses of media by hash, of those that I can read in a project */
        post: operations["media.wantMedia"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/media/assets/{asset_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An asset */
        get: operations["media.getAsset"];
        put?: never;
        post?: never;
        /** Put an asset aside */
        delete: operations["media.deleteAsset"];
        options?: never;
        head?: never;
        /** Change the name, the licence, or whether the world may look */
        patch: operations["media.updateAsset"];
        trace?: never;
    };
    "/api/v1/media/assets/{asset_id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Bring back an asset of mine that was put aside */
        post: operations["media.restoreAsset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/media/assets/{asset_id}/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An address for one look at the bytes, with ranges */
        get: operations["media.linkAsset"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/media/assets/{asset_id}/playback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a player needs: qualities, still, hover pictures, wave */
        get: operations["media.getPlayback"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/media/{asset_id}/{key}/hls/{playlist}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A playlist of a film, with addresses signed for this request */
        get: operations["media.readPlaylist"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/media/{asset_id}/{key}/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The bytes behind a link that documents carry */
        get: operations["media.followLink"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My tasks, newest first */
        get: operations["tasks.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How much waits and runs, by kind, for administrators */
        get: operations["tasks.statistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My schedules, newest first */
        get: operations["tasks.listSchedules"];
        put?: never;
        /** Ask for work again and again, at the times of a cron pattern */
        post: operations["tasks.createSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/schedules/{schedule_id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin nothing more of a schedule */
        post: operations["tasks.pauseSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/schedules/{schedule_id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go on with a schedule from its next due time */
        post: operations["tasks.resumeSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/schedules/{schedule_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove a schedule */
        delete: operations["tasks.deleteSchedule"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{task_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How a task stands */
        get: operations["tasks.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{task_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What becomes of a task, as it happens, until it is over */
        get: operations["tasks.watch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{task_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop a task, wherever it is */
        post: operations["tasks.cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{task_id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin a failed or cancelled task anew */
        post: operations["tasks.retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/generate/character": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a picture of words */
        post: operations["tasks.generateCharacter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/generate/clip": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a clip of a topic */
        post: operations["tasks.generateClip"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/generate/segment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a moving, narrated segment */
        post: operations["tasks.generateSegment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/generate/storyboard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a storyboard of a topic */
        post: operations["tasks.generateStoryboard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/vn/comic-to-video": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a film of screenshots */
        post: operations["tasks.comicToVideo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clips": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Clips, newest first */
        get: operations["tasks.listClips"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clips/{clip_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One clip */
        get: operations["tasks.getClip"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{project_id}/renders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The rendered films of a project, newest first */
        get: operations["tasks.listRenders"];
        put?: never;
        /** Render the head of a branch as MP4 or WebM */
        post: operations["tasks.createRender"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/renders/{render_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One rendered film */
        get: operations["tasks.getRender"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/publish/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My accounts to publish with */
        get: operations["tasks.listPubAccounts"];
        put?: never;
        /** Keep an account to publish with */
        post: operations["tasks.createPubAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/publish/accounts/{account_id}/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Look whether the credentials of an account are complete */
        post: operations["tasks.validatePubAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/publish/accounts/{account_id}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Publish no more with an account */
        post: operations["tasks.disablePubAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/publish/accounts/{account_id}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Publish with an account again */
        post: operations["tasks.enablePubAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/publish/accounts/{account_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Forget an account and its credentials */
        delete: operations["tasks.deletePubAccount"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/publish/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My publish jobs, newest first */
        get: operations["tasks.listPubJobs"];
        put?: never;
        /** Publish a film, at once or at its hour */
        post: operations["tasks.createPubJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/publish/jobs/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How a publish job stands */
        get: operations["tasks.getPubJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/publish/jobs/{job_id}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The log of a publish job */
        get: operations["tasks.pubJobLogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/publish/jobs/{job_id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try a failed job again */
        post: operations["tasks.retryPubJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/publish/jobs/{job_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Call a publish job off */
        post: operations["tasks.cancelPubJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/publish/jobs/{job_id}/settle": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say what came of an upload whose outcome is not known */
        post: operations["tasks.settlePubJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/vn/parse-preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Read the script of a visual novel: its events in order, and what could not be understood */
        post: operations["tasks.parsePreview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/vn/parse-jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Read scripts, files and archives in the background */
        post: operations["tasks.createParseJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/vn/parse-jobs/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the reading of scripts stands */
        get: operations["tasks.getParseJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/vn/parse-jobs/{job_id}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The log of a reading */
        get: operations["tasks.parseJobLogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/vn/parse-jobs/{job_id}/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Write what the scripts tell into a branch, as a commit */
        post: operations["tasks.importParseJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/works": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Works by the id another catalogue has for them */
        get: operations["intel.findWorks"];
        put?: never;
        /** Add a work (publishers) */
        post: operations["intel.createWork"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/works/{release_key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One work, with its names and ids; a merged key leads to what it was merged into */
        get: operations["intel.getWork"];
        /** Say anew what a work is (publishers); names left out are withdrawn, and so are ids of a provider that is named */
        put: operations["intel.saveWork"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/works/merge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make one work of two (publishers); can be taken back */
        post: operations["intel.mergeWorks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/works/unmerge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a merge back (publishers) */
        post: operations["intel.unmergeWork"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/works/split": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make several works of one (publishers); its key stays as a tombstone */
        post: operations["intel.splitWork"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/works/unsplit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a split back (publishers); the keys of its parts lead to the work again */
        post: operations["intel.unsplitWork"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/works/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take in up to 1,000 works (publishers); the same again changes nothing */
        post: operations["intel.importWorks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin a bulk import: gives the address to PUT a file of JSON lines to (publishers) */
        post: operations["intel.createImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/imports/{import_id}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Read the uploaded lines (publishers) */
        post: operations["intel.startImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/imports/{import_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far an import has come, and which lines were refused (publishers) */
        get: operations["intel.getImport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/alias/submissions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Proposed names, oldest first (contributors) */
        get: operations["intel.listSubmissions"];
        put?: never;
        /** Propose a name for a work (contributors) */
        post: operations["intel.submitAlias"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/alias/submissions/{submission_id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say yes to a name: a publisher's word decides, a contributor's counts */
        post: operations["intel.approveSubmission"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/alias/submissions/{submission_id}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say no to a name */
        post: operations["intel.rejectSubmission"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/contributors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who keeps the catalogue, and how far they are trusted (administrators) */
        get: operations["intel.listContributors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/contributors/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Give someone a role in the catalogue, or take it (administrators) */
        put: operations["intel.setContributor"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My client tokens */
        get: operations["intel.listClientTokens"];
        put?: never;
        /** Make a token for a client that cannot be changed: /t/{token}/… or the password of Basic */
        post: operations["intel.createClientToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens/{token_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a client token of mine */
        delete: operations["intel.revokeClientToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/sites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The registered sites (contributors) */
        get: operations["intel.listSites"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/sites/{site_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Register a site: its other names, and whether it may be named to everybody (publishers) */
        put: operations["intel.saveSite"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/sites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The sites I am on */
        get: operations["intel.getMySites"];
        /** Say which sites I am on: I am told of these alone */
        put: operations["intel.setMySites"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/releases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Report works seen on sites (contributors); the same again counts once */
        post: operations["intel.reportReleases"];
        /** Say that works are no longer on sites (contributors: what they reported; publishers: all) */
        delete: operations["intel.removeReleases"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recommend/sites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sites to look for a work on, each with its reason */
        get: operations["intel.recommendSites"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recommend/similar/{release_key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Works near to one, each with its reason */
        get: operations["intel.recommendSimilar"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recommend/trending": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Works seen most of late, each with its reason */
        get: operations["intel.recommendTrending"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/feedback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say whether a recommendation helped; enough voices move its score a little */
        post: operations["intel.giveFeedback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Published packages of rules, newest first */
        get: operations["intel.listRulePackages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rules/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One package as it was published */
        get: operations["intel.getRulePackage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rules/{version}/signatures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is signed of a package, with the signatures over it */
        get: operations["intel.getRuleSignatures"];
        put?: never;
        /** Add signatures that were made elsewhere (publishers) */
        post: operations["intel.signRules"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rules/sites/{site_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The rules of one site */
        get: operations["intel.getSiteRules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rules/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What changed from one package to another */
        get: operations["intel.diffRules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rules/schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The JSON Schema of a site's rules */
        get: operations["intel.getRulesSchema"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rules/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The root, and the keys it names */
        get: operations["intel.getTrustKeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rules/drafts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Open drafts, oldest first (contributors) */
        get: operations["intel.listRuleDrafts"];
        put?: never;
        /** Propose rules for a site, or a definition of Jackett's kind of which they are made, with recorded pages and what must be read from them (contributors) */
        post: operations["intel.createRuleDraft"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rules/drafts/{draft_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change an open draft */
        put: operations["intel.saveRuleDraft"];
        post?: never;
        /** Withdraw a draft */
        delete: operations["intel.withdrawRuleDraft"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rules/drafts/{draft_id}/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try a draft on its recorded pages */
        post: operations["intel.validateRuleDraft"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rules/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Publish drafts that have passed, to all or first to a share of clients (publishers) */
        post: operations["intel.publishRules"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rules/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Publish older content under new numbers (publishers) */
        post: operations["intel.rollbackRules"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rules/{version}/promote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** From a share of clients to all (publishers) */
        post: operations["intel.promoteRules"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rules/{version}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End a trial (publishers) */
        post: operations["intel.withdrawRules"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/keys/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put a new key in place of those of a role (administrators) */
        post: operations["intel.rotateKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/root": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Publish the next root, signed elsewhere (administrators) */
        post: operations["intel.publishRoot"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What has changed after a number, in order */
        get: operations["intel.listChanges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sync/feed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same for other centres, signed */
        get: operations["intel.getFeed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sync/identity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The key that signs the feed */
        get: operations["intel.getIdentity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/nodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Centres whose feeds are followed (contributors) */
        get: operations["intel.listNodes"];
        put?: never;
        /** Follow another centre (administrators) */
        post: operations["intel.addNode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/nodes/{node_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Follow a centre no longer, and withdraw its names (administrators) */
        delete: operations["intel.removeNode"];
        options?: never;
        head?: never;
        /** Change the tier or key of a centre, or how much it may bring, or pause it (administrators) */
        patch: operations["intel.saveNode"];
        trace?: never;
    };
    "/v1/nodes/{node_id}/pull": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Pull the feed of a centre now (administrators) */
        post: operations["intel.pullNode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/alias/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The work that a title or release name surely means, or {} */
        get: operations["intel.resolveAlias"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/alias/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Works called like this, best first */
        get: operations["intel.searchAliases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/alias/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How a title was read and why the answer is what it is */
        get: operations["intel.explainTitle"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Many titles at once; each counts as one request */
        post: operations["intel.resolveTitles"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/index/{release_key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The sites that have a work, of those the caller may know of */
        get: operations["intel.getIndexEntry"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rules/latest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The rules by which clients read sites */
        get: operations["intel.getLatestRules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/t/{token}/v1/alias/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The work that a title or release name surely means, or {} */
        get: operations["intel.resolveAlias.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/t/{token}/v1/alias/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Works called like this, best first */
        get: operations["intel.searchAliases.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/t/{token}/v1/alias/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How a title was read and why the answer is what it is */
        get: operations["intel.explainTitle.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/t/{token}/v1/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Many titles at once; each counts as one request */
        post: operations["intel.resolveTitles.post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/t/{token}/v1/index/{release_key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The sites that have a work, of those the caller may know of */
        get: operations["intel.getIndexEntry.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/t/{token}/v1/rules/latest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The rules by which clients read sites */
        get: operations["intel.getLatestRules.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/snap/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A file of the snapshots, as any static host would serve it */
        get: operations["intel.getSnapshotFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/snapshots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The newest manifest and where its files stand */
        get: operations["intel.getSnapshots"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/snapshots/delta": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where the delta to the newest version stands; 410 when the base is too old */
        get: operations["intel.findDelta"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/snapshots/build": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Build and publish now (publishers) */
        post: operations["intel.buildSnapshot"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/snapshots/builds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Builds, newest first, with what went wrong (publishers) */
        get: operations["intel.listSnapshotBuilds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worker/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Register a worker, or what it can do */
        post: operations["mesh.registerWorker"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worker/enrol": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A registration token for a secret of one’s own */
        post: operations["mesh.enrolWorker"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worker/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A secret for a short-lived access token */
        post: operations["mesh.issueWorkerToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worker/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A new secret for a worker */
        post: operations["mesh.rotateWorkerSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worker/heartbeat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Keep a worker and all its leases alive */
        post: operations["mesh.heartbeat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/worker/{node_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** A worker goes, its leases are free */
        delete: operations["mesh.leaveWorker"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/lease": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take jobs, waiting for them if asked to */
        post: operations["mesh.leaseJobs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/finish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Finish a job, move its cursor, and take the next */
        post: operations["mesh.finishJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{job_id}/renew": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Extend a lease */
        post: operations["mesh.renewLease"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{job_id}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Hand a job back, no attempt burnt */
        post: operations["mesh.releaseLease"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{job_id}/progress": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Note how far a crawl has come */
        post: operations["mesh.reportProgress"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Jobs, newest first */
        get: operations["mesh.listJobs"];
        put?: never;
        /** Create one job or many */
        post: operations["mesh.createJobs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One job and its history */
        get: operations["mesh.getJob"];
        put?: never;
        post?: never;
        /** Cancel a job, and end its lease if it has one */
        delete: operations["mesh.cancelJob"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Jobs out of attempts, with their history */
        get: operations["mesh.listDeadLetters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters/{job_id}/requeue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try a dead job anew */
        post: operations["mesh.requeueJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters/{job_id}/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give a dead job up */
        post: operations["mesh.discardJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/plans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Split a crawl into slices */
        post: operations["mesh.createPlan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/plans/{plan_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A plan and what it covers */
        get: operations["mesh.getPlan"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The sites of the mesh */
        get: operations["mesh.listSites"];
        /** Set many sites at once */
        put: operations["mesh.putSites"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sites/{site_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One site */
        get: operations["mesh.getSite"];
        /** Set a site */
        put: operations["mesh.putSite"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sites/{site_id}/block": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Leave a site alone for a while */
        post: operations["mesh.blockSite"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sites/{site_id}/unblock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End a block */
        post: operations["mesh.unblockSite"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sites/{site_id}/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Why a site gives no work now, and when it will */
        get: operations["mesh.explainSite"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sites/{site_id}/cursors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The cursors of a site */
        get: operations["mesh.listCursors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sites/{site_id}/cursors/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One cursor */
        get: operations["mesh.getCursor"];
        /** Set a cursor */
        put: operations["mesh.putCursor"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sites/{site_id}/cursors/{name}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where a cursor has been */
        get: operations["mesh.getCursorHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sites/{site_id}/cursors/{name}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a cursor back */
        post: operations["mesh.rollBackCursor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The fleet */
        get: operations["mesh.listWorkers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workers/{node_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Drain, revoke or entitle a worker */
        patch: operations["mesh.changeWorker"];
        trace?: never;
    };
    "/v1/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The mesh in figures */
        get: operations["mesh.stats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What happens in the mesh */
        get: operations["mesh.events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The keys of the mesh */
        get: operations["mesh.listKeys"];
        put?: never;
        /** Make or rotate a key */
        post: operations["mesh.createKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/keys/{key_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End a key */
        delete: operations["mesh.revokeKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who did what */
        get: operations["mesh.listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/sweep": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End leases that have run out */
        post: operations["mesh.sweepLeases"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mesh/peers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The neighbouring clusters */
        get: operations["mesh.listPeers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mesh/claims": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The claims on sites, for another cluster that signs its wish */
        get: operations["mesh.listClaims"];
        put?: never;
        /** Hand a site to a cluster */
        post: operations["mesh.claimSite"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        User: {
            id: string;
            email: string;
            full_name: string | null;
            is_active: boolean;
            /** @enum {string} */
            role?: "user" | "moderator" | "admin";
        };
        AccessToken: {
            access_token: string;
            /** @constant */
            token_type: "bearer";
            refresh_token: string;
            expires_in: number;
        };
        UserPublic: {
            id: string;
            email: string;
            full_name: string | null;
        };
        FeedItem: {
            id: string;
            name: string;
            description: string | null;
            tags: string[] | null;
            is_public: boolean;
            owner_id: string;
            team_id?: string | null;
            parent_project_id: string | null;
            /** Format: date-time */
            created_at: string;
            workspace_data: {
                [key: string]: unknown;
            } | null;
            likes_count: number;
            is_liked: boolean;
            owner: components["schemas"]["UserPublic"] | null;
        };
        NewPersonalToken: {
            id: string;
            name: string;
            /** @enum {string} */
            scope: "read" | "write" | "admin";
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            expires_at: string;
            last_used_at: string | null;
            token: string;
        };
        PersonalToken: {
            id: string;
            name: string;
            /** @enum {string} */
            scope: "read" | "write" | "admin";
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            expires_at: string;
            last_used_at: string | null;
        };
        AuditPage: {
            items: components["schemas"]["AuditEntry"][];
            next: string | null;
        };
        AuditEntry: {
            id: string;
            project_id: string | null;
            team_id: string | null;
            actor_id: string | null;
            actor_name: string | null;
            action: string;
            subject: {
                [key: string]: unknown;
            };
            request_id: string;
            /** Format: date-time */
            created_at: string;
        };
        Project: {
            id: string;
            name: string;
            description: string | null;
            tags: string[] | null;
            is_public: boolean;
            owner_id: string;
            team_id?: string | null;
            parent_project_id: string | null;
            /** Format: date-time */
            created_at: string;
            workspace_data: {
                [key: string]: unknown;
            } | null;
            likes_count: number;
            is_liked: boolean;
        };
        ExportPayload: {
            source: {
                cloud_project_id: string;
                cloud_branch_name: string;
                /** @default null */
                cloud_origin: string | null;
            };
            project: {
                name: string;
                /** @default null */
                description: string | null;
                /** @default null */
                tags: string[] | null;
            };
            branch: {
                name: string;
                /** @default null */
                description: string | null;
                /** @default null */
                tags: string[] | null;
                /** @default null */
                workspace_data: {
                    [key: string]: unknown;
                } | null;
            };
            /** @default null */
            head_commit: {
                /** @default null */
                message: string | null;
                /** @default null */
                video_assets: {
                    [key: string]: unknown;
                } | null;
            } | null;
        };
        TimelineFile: {
            /** @enum {string} */
            format: "otio" | "edl" | "fcpxml";
            filename: string;
            content: string;
            losses: string[];
            loss_report: components["schemas"]["Loss"][];
            head_commit_id: string | null;
        };
        Loss: {
            code: components["schemas"]["LossCode"];
            severity: components["schemas"]["LossSeverity"];
            count: number;
            values: {
                [key: string]: string | number;
            };
            places: components["schemas"]["LossPlace"][];
        };
        /**
         * @description What was lost; docs/timeline-losses.md says what each code means.
         * @enum {string}
         */
        LossCode: "section" | "idea" | "unused" | "left_out" | "details" | "other_row" | "new_id" | "row_name" | "shot_without_row" | "shot_without_time" | "shot_without_clip" | "shot_off" | "shot_too_short" | "shot_too_late" | "between_frames" | "source_without_timecode" | "overlap" | "overlap_moved" | "picture_rows" | "sound_rows" | "text_unfit" | "film_start" | "drop_frame_ignored" | "length_differs" | "speed" | "transition" | "effect" | "marker" | "note" | "caption" | "title" | "generator" | "multicam" | "takes" | "sound_settings" | "image_sequence" | "no_media" | "compound_missing" | "empty_stack" | "no_length" | "out_of_sight" | "range_ignored" | "track_kind" | "row_added" | "too_many_layers" | "several_films" | "no_project" | "unknown_kind" | "foreign_notes" | "comment" | "line_unknown" | "line_too_long" | "event_unreadable" | "time_unreadable" | "event_backwards" | "speed_of_nothing" | "hdr_tones" | "more";
        /** @enum {string} */
        LossSeverity: "lost" | "changed" | "guessed" | "at_risk";
        LossPlace: {
            /** @enum {string} */
            kind: "section" | "idea" | "track" | "shot" | "scene" | "beat" | "character" | "asset" | "effect" | "timeline_item" | "clip" | "item" | "event" | "line";
            id?: string;
            name?: string;
            row?: string;
            at?: {
                value: number;
                rate: [
                    number,
                    number
                ];
            };
            timecode?: string;
            line?: number;
            element?: string;
            path?: string;
            values?: {
                [key: string]: string | number;
            };
        };
        TimelineBack: {
            commit_id: string | null;
            head_commit_id: string | null;
            is_empty: boolean;
            by_id: number;
            by_likeness: {
                id: string;
                name: string;
                confidence: number;
            }[];
            added: {
                id: string;
                name: string;
            }[];
            removed: {
                id: string;
                name: string;
            }[];
            losses: string[];
            loss_report: components["schemas"]["Loss"][];
            words: string[];
        };
        ImportedTimeline: {
            project: components["schemas"]["Project"];
            losses: string[];
            loss_report: components["schemas"]["Loss"][];
        };
        Anchor: {
            id: number;
            name: string;
            project_id: string;
            reference_image_url: string;
        };
        Member: {
            user_id: string;
            full_name: string | null;
            email: string;
            /** @enum {string} */
            role: "owner" | "maintainer" | "contributor" | "viewer";
            /** @enum {string} */
            via: "owner" | "member" | "team";
            /** Format: date-time */
            since: string;
        };
        NewInvitation: {
            id: string;
            project_id: string | null;
            team_id: string | null;
            name: string;
            user_id: string | null;
            email: string | null;
            /** @enum {string} */
            role: "owner" | "maintainer" | "contributor" | "viewer";
            invited_by: string | null;
            invited_by_name: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            expires_at: string;
            token: string | null;
        };
        Invitation: {
            id: string;
            project_id: string | null;
            team_id: string | null;
            name: string;
            user_id: string | null;
            email: string | null;
            /** @enum {string} */
            role: "owner" | "maintainer" | "contributor" | "viewer";
            invited_by: string | null;
            invited_by_name: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            expires_at: string;
        };
        Team: {
            id: string;
            name: string;
            /** @enum {string} */
            role: "owner" | "maintainer" | "contributor" | "viewer";
            member_count: number;
            project_count: number;
            /** Format: date-time */
            created_at: string;
        };
        WebhookWithSecret: {
            id: string;
            project_id: string;
            url: string;
            description: string | null;
            events: string[];
            is_active: boolean;
            failing_since: string | null;
            paused_at: string | null;
            created_by: string | null;
            /** Format: date-time */
            created_at: string;
            secret: string;
        };
        Webhook: {
            id: string;
            project_id: string;
            url: string;
            description: string | null;
            events: string[];
            is_active: boolean;
            failing_since: string | null;
            paused_at: string | null;
            created_by: string | null;
            /** Format: date-time */
            created_at: string;
        };
        WebhookDelivery: {
            id: string;
            webhook_id: string;
            event: string;
            /** @enum {string} */
            status: "waiting" | "succeeded" | "failed";
            attempts: number;
            next_attempt_at: string | null;
            redelivery_of: string | null;
            response_status: number | null;
            error: string | null;
            duration_ms: number | null;
            /** Format: date-time */
            created_at: string;
            finished_at: string | null;
        };
        WebhookDeliveryPage: {
            items: components["schemas"]["WebhookDelivery"][];
            next: string | null;
        };
        WebhookDeliveryDetails: {
            id: string;
            webhook_id: string;
            event: string;
            /** @enum {string} */
            status: "waiting" | "succeeded" | "failed";
            attempts: number;
            next_attempt_at: string | null;
            redelivery_of: string | null;
            response_status: number | null;
            error: string | null;
            duration_ms: number | null;
            /** Format: date-time */
            created_at: string;
            finished_at: string | null;
            body: {
                [key: string]: unknown;
            };
            response_body: string | null;
        };
        Transfer: {
            id: string;
            /** @enum {string} */
            kind: "export" | "import";
            /** @enum {string} */
            status: "uploading" | "queued" | "done" | "refused" | "failed";
            project_id: string | null;
            size: number | null;
            report: {
                [key: string]: unknown;
            } | null;
            error: string | null;
            download_url: string | null;
            /** Format: date-time */
            created_at: string;
            finished_at: string | null;
            /** Format: date-time */
            expires_at: string;
        };
        ImportParts: {
            part_size: number;
            part_count: number;
            arrived: {
                part_number: number;
                size: number;
            }[];
            links: {
                part_number: number;
                url: string;
            }[];
        };
        CloudAccount: {
            cloud_url: string | null;
            user: {
                id: string;
                email: string;
                full_name: string | null;
            } | null;
            connected_at: string | null;
        };
        SyncReport: {
            remote: components["schemas"]["Remote"];
            commits: number;
            objects: number;
            media: number;
            missing_media: components["schemas"]["MissingMedia"][];
            tags: components["schemas"]["TagOutcome"][];
            branches: {
                branch_name: string;
                /** @enum {string} */
                outcome: "created" | "moved" | "unchanged" | "behind" | "diverged" | "not_allowed";
                local_head: string | null;
                cloud_head: string | null;
                kept_as: string | null;
            }[];
        };
        Remote: {
            project_id: string;
            cloud_url: string;
            cloud_project_id: string;
            pulled_at: string | null;
            pushed_at: string | null;
        };
        MissingMedia: {
            asset_id: string;
            sha256: string | null;
            size: number | null;
            name: string | null;
        };
        TagOutcome: {
            tag_name: string;
            /** @enum {string} */
            outcome: "created" | "differs" | "not_allowed";
            to: string;
        };
        Sync: {
            id: string;
            /** @enum {string} */
            kind: "clone" | "pull" | "push";
            /** @enum {string} */
            status: "queued" | "done" | "refused" | "failed";
            project_id: string | null;
            stage: ("asking" | "media" | "taking_in" | "sending") | null;
            done: number;
            total: number | null;
            report: components["schemas"]["SyncReport"] | null;
            error: {
                code: string;
                message: string;
                details: {
                    [key: string]: unknown;
                };
            } | null;
            /** Format: date-time */
            created_at: string;
            finished_at: string | null;
        };
        BranchWithFigures: {
            id: string;
            name: string;
            head_commit_id: string | null;
            description: string | null;
            tags: string[] | null;
            parent_branch_id: string | null;
            project_id: string;
            contributors: components["schemas"]["Contributor"][];
            project_percent: number;
            commit_count: number;
        };
        Contributor: {
            name: string | null;
            count: number;
            score: number;
            percent: number;
        };
        Graph: {
            branches: {
                id: string;
                name: string;
                head_commit_id: string | null;
                description: string | null;
                tags: string[] | null;
                parent_branch_id: string | null;
                contributors: components["schemas"]["Contributor"][];
                project_percent: number;
                commit_count: number;
            }[];
            commits: {
                id: string;
                message: string;
                parent_hash: string | null;
                parents: string[];
                /** Format: date-time */
                created_at: string;
                author_id: string | null;
            }[];
            next: string | null;
        };
        CommitLog: {
            items: components["schemas"]["CommitLogEntry"][];
            next: string | null;
        };
        CommitLogEntry: {
            id: string;
            message: string;
            parents: string[];
            author_id: string | null;
            author_name: string | null;
            /** Format: date-time */
            created_at: string;
        };
        CommitDetails: {
            id: string;
            message: string;
            parents: string[];
            author_id: string | null;
            author_name: string | null;
            /** Format: date-time */
            created_at: string;
            video_assets: {
                [key: string]: unknown;
            };
        };
        Comparison: {
            base: string | null;
            head: string | null;
            merge_bases: string[];
            ahead: number;
            behind: number;
            changes: {
                [key: string]: unknown;
            }[];
            words: string[];
        };
        MergeBase: {
            base: string | null;
            head: string | null;
            merge_bases: string[];
            ahead: number;
            behind: number;
        };
        DocumentChanges: {
            from: string;
            to: string;
            tree: string;
            changes: components["schemas"]["DocumentChange"][] | null;
        };
        DocumentChange: {
            path: (string | number)[];
            value?: unknown;
            after?: (string | number) | null;
        };
        Head: {
            commit_id?: string;
            message?: string;
            video_assets: {
                [key: string]: unknown;
            };
            head_commit: {
                hash: string;
                id: string;
                message: string;
                parent_hash: string | null;
                author_id: string | null;
                /** Format: date-time */
                created_at: string;
            } | null;
        };
        Branch: {
            id: string;
            name: string;
            head_commit_id: string | null;
            description: string | null;
            tags: string[] | null;
            parent_branch_id: string | null;
            project_id: string;
        };
        ChangeCommit: {
            id: string;
            project_id: string;
            message: string;
            parent_hash: string | null;
            tree: string;
            rebased: boolean;
            /** Format: date-time */
            created_at: string;
        };
        Commit: {
            id: string;
            project_id: string;
            message: string;
            parent_hash: string | null;
            video_assets: {
                [key: string]: unknown;
            };
            /** Format: date-time */
            created_at: string;
        };
        BranchRule: {
            is_protected: boolean;
            /** @enum {string} */
            push: "anyone" | "maintainers" | "owner" | "nobody";
            required_approvals: number;
            resolved_threads: boolean;
            allow_deletion: boolean;
            allow_force: boolean;
        };
        Reflog: {
            items: components["schemas"]["BranchMove"][];
            next: string | null;
        };
        BranchMove: {
            branch_id: string;
            branch_name: string;
            /** @enum {string} */
            move: "created" | "committed" | "checkpointed" | "merged" | "fast_forwarded" | "squashed" | "reverted" | "cherry_picked" | "suggested" | "moved" | "imported" | "deleted";
            before: string | null;
            after: string | null;
            actor_id: string | null;
            actor_name: string | null;
            /** Format: date-time */
            created_at: string;
        };
        Tag: {
            id: string;
            project_id: string;
            name: string;
            commit_id: string;
            message: string | null;
            tagger_id: string | null;
            tagger_name: string | null;
            /** Format: date-time */
            created_at: string;
            release: components["schemas"]["Release"] | null;
        };
        Release: {
            title: string;
            notes: string;
            is_prerelease: boolean;
            author_id: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        TagList: {
            items: components["schemas"]["Tag"][];
            next: string | null;
        };
        Application: {
            commit_id: string | null;
            is_empty: boolean;
            conflicts: components["schemas"]["Conflict"][];
            changes: {
                [key: string]: unknown;
            }[];
            words: string[];
        };
        Conflict: {
            id: string;
            /** @enum {string} */
            kind: "both_changed" | "deleted_and_changed" | "moved_twice" | "deleted_but_used";
            path: (string | number)[];
            where: string;
            what: string;
            /** @description any JSON value */
            base?: unknown;
            /** @description any JSON value */
            ours?: unknown;
            /** @description any JSON value */
            theirs?: unknown;
            used_by?: (string | number)[][];
            fields?: string[];
            also?: {
                path: (string | number)[];
                /** @description any JSON value */
                base?: unknown;
                /** @description any JSON value */
                ours?: unknown;
                /** @description any JSON value */
                theirs?: unknown;
            }[];
            ours_commit: {
                id: string;
                message: string;
                author_id: string | null;
                author_name: string | null;
            } | null;
            theirs_commit: {
                id: string;
                message: string;
                author_id: string | null;
                author_name: string | null;
            } | null;
            choices: {
                /** @enum {string} */
                take: "ours" | "theirs" | "base" | "value" | "restore" | "drop_use" | "nearest_gap";
                words: string;
            }[];
            depends_on: string[];
            resolution: {
                /** @enum {string} */
                take: "ours" | "theirs" | "base" | "value" | "restore" | "drop_use" | "nearest_gap";
                /** @description any JSON value */
                value?: unknown;
                by: string | null;
                by_name: string | null;
                at: string | null;
            } | null;
        };
        Blame: {
            commit: string;
            /** @enum {string} */
            entity: "track" | "shot" | "scene" | "beat" | "character" | "asset" | "effect" | "timeline_item" | "clip";
            id: string;
            name: string;
            fields: {
                field: string;
                /** @description any JSON value */
                value: unknown;
                commit: components["schemas"]["CommitLogEntry"] | null;
            }[];
            is_complete: boolean;
            next: string | null;
        };
        WorkspaceRevision: {
            revision: number;
            is_current: boolean;
            saved_by: string | null;
            saved_by_name: string | null;
            /** Format: date-time */
            saved_at: string;
        };
        WorkspaceRevisionDetails: {
            revision: number;
            is_current: boolean;
            saved_by: string | null;
            saved_by_name: string | null;
            /** Format: date-time */
            saved_at: string;
            document: {
                [key: string]: unknown;
            };
        };
        Fork: {
            id: string;
            name: string;
            owner_id: string;
            owner_name: string | null;
            is_public: boolean;
            /** Format: date-time */
            created_at: string;
        };
        CaughtUp: {
            commit_id: string | null;
            /** @enum {string} */
            relation: "up_to_date" | "fast_forward" | "diverged";
            original_project_id: string;
            original_commit: string;
            merge_bases: string[];
            conflicts: components["schemas"]["Conflict"][];
            changes: {
                [key: string]: unknown;
            }[];
            words: string[];
        };
        MergeRequest: {
            id: string;
            project_id: string;
            source_branch_name: string;
            target_branch_name: string;
            title: string | null;
            description: string | null;
            clip_ids: string[] | null;
            merged_clip_ids: string[] | null;
            /** @enum {string} */
            status: "open" | "merged" | "closed";
            merged_by: string | null;
            merged_at: string | null;
            merge_commit_id: string | null;
            merge_method: ("merge" | "squash" | "fast_forward") | null;
            creator_id: string | null;
            foreign_author_name: string | null;
            source_project_id: string | null;
            head_commit_id: string | null;
            is_draft: boolean;
            closed_by: string | null;
            closed_at: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            extra: null;
        };
        MergePreview: {
            source_head: string | null;
            target_head: string | null;
            merge_bases: string[];
            /** @enum {string} */
            relation: "up_to_date" | "fast_forward" | "diverged";
            ahead: number;
            behind: number;
            can_merge: boolean;
            blockers: components["schemas"]["Blocker"][];
            methods: ("merge" | "squash" | "fast_forward")[];
            conflicts: components["schemas"]["Conflict"][];
            target_is_uncommitted: boolean;
            notices: components["schemas"]["MergeNotice"][];
            changes: {
                [key: string]: unknown;
            }[];
            words: string[];
        };
        Blocker: {
            /** @enum {string} */
            code: "not_open" | "draft" | "source_gone" | "target_gone" | "nothing_offered" | "conflicts" | "approvals_missing" | "changes_requested" | "threads_open" | "not_fast_forward";
            words: string;
            cleared_by: ("creator" | "committers" | "reviewers" | "contributors" | "maintainers" | "owner")[];
            cleared_by_ids: string[];
        };
        MergeNotice: {
            /** @constant */
            kind: "cuts_joined";
            path: (string | number)[];
            name: string;
            aliases: string[];
            words: string;
        };
        ConflictList: {
            source_head: string | null;
            target_head: string | null;
            open: number;
            items: components["schemas"]["Conflict"][];
        };
        ReviewState: {
            head_commit_id: string | null;
            approvals: number;
            required_approvals: number;
            reviewers: {
                user_id: string;
                user_name: string | null;
            }[];
            reviews: components["schemas"]["Review"][];
        };
        Review: {
            id: string;
            user_id: string | null;
            user_name: string | null;
            is_imported: boolean;
            /** @enum {string} */
            verdict: "approved" | "changes_requested" | "commented";
            body: string | null;
            head_commit_id: string | null;
            counts: boolean;
            is_stale: boolean;
            /** @default null */
            not_counted: ("dismissed" | "superseded" | "role" | "stale" | "own_work") | null;
            dismissed_by: string | null;
            dismissed_at: string | null;
            dismissal_reason: string | null;
            /** Format: date-time */
            created_at: string;
        };
        Thread: {
            id: string;
            merge_request_id: string;
            anchor: {
                commit_id: string;
                entity?: ("track" | "shot" | "scene" | "beat" | "character" | "asset" | "effect" | "timeline_item" | "clip") | null;
                entity_id?: string | null;
                source_frame?: number | null;
                timeline_frame?: number | null;
                /**
                 * @default [
                 *       25,
                 *       1
                 *     ]
                 */
                rate: [
                    number,
                    number
                ];
            } | null;
            position: {
                /** @enum {string} */
                state: "current" | "moved" | "outdated";
                reason: ("trimmed" | "removed" | "shortened") | null;
                timeline_frame: number | null;
                words: string;
            } | null;
            is_resolved: boolean;
            resolved_by: string | null;
            resolved_at: string | null;
            /** Format: date-time */
            created_at: string;
            comments: components["schemas"]["Comment"][];
        };
        Comment: {
            id: string;
            user_id: string | null;
            user_name: string | null;
            is_imported: boolean;
            body: string;
            suggestion: {
                path: (string | number)[];
                /** @description any JSON value */
                value: unknown;
            } | null;
            applied_commit_id: string | null;
            is_deleted: boolean;
            /** Format: date-time */
            created_at: string;
            edited_at: string | null;
        };
        UploadTicket: {
            /** Format: uri */
            url: string;
            object_name: string;
        };
        VNAsset: {
            id: string;
            project_id: string;
            branch_name: string | null;
            type: components["schemas"]["VNAssetType"];
            object_name: string;
            storage_url: string;
            /**
             * @description any JSON value
             * @default null
             */
            metadata: unknown;
            /** Format: date-time */
            created_at: string;
        };
        /** @enum {string} */
        VNAssetType: "SCREENSHOT" | "VN_SCRIPT" | "VN_TEXT" | "VN_JSON" | "CHARACTER_SHEET" | "OTHER";
        Upload: {
            id: string;
            /** @enum {string} */
            state: "open" | "verifying" | "done" | "failed" | "aborted";
            filename: string;
            object_name: string;
            size: number | null;
            sha256: string | null;
            part_size: number | null;
            part_count: number;
            url: string | null;
            uploaded_parts: {
                part_number: number;
                size: number;
            }[];
            asset: components["schemas"]["Asset"] | null;
            problem: string | null;
            /** Format: date-time */
            expires_at: string;
        };
        Asset: {
            id: string;
            owner_id: string;
            project_id: string | null;
            commit_id: string | null;
            name: string;
            object_name: string;
            /** @enum {string} */
            state: "processing" | "ready" | "failed";
            problem: string | null;
            content_type: string;
            size: number;
            sha256: string | null;
            licence: string | null;
            /** @default null */
            provenance: unknown;
            is_public: boolean;
            facts: components["schemas"]["MediaFacts"] | null;
            url: string;
            public_url: string | null;
            /** Format: date-time */
            created_at: string;
        };
        MediaFacts: {
            format: string;
            /** @enum {string} */
            kind: "video" | "audio" | "image";
            duration_seconds: number | null;
            bit_rate: number | null;
            width: number | null;
            height: number | null;
            frame_rate: components["schemas"]["Rational"] | null;
            variable_frame_rate: boolean;
            hdr: ("pq" | "hlg" | "dolby_vision") | null;
            notes?: string[];
            streams: ({
                index: number;
                kind: string;
                codec: string;
            } & {
                [key: string]: unknown;
            })[];
        } & {
            [key: string]: unknown;
        };
        Rational: {
            num: number;
            den: number;
        };
        MediaUsage: {
            logical_bytes: number;
            physical_bytes: number;
            pending_bytes: number;
            quota_bytes: number | null;
            asset_count: number;
        };
        WantedMedia: {
            items: {
                sha256: string;
                size: number;
                url: string;
            }[];
        };
        MediaLink: {
            url: string;
            /** Format: date-time */
            expires_at: string;
            is_public: boolean;
        };
        Playback: {
            asset_id: string;
            /** @enum {string} */
            state: "processing" | "ready" | "failed";
            problem: string | null;
            content_type: string;
            facts: components["schemas"]["MediaFacts"] | null;
            file_url: string;
            poster_url: string | null;
            sprite: {
                url: string;
                count: number;
                columns: number;
                rows: number;
                frame_width: number;
                frame_height: number;
                seconds_per_frame: number;
            } | null;
            waveform: {
                url: string;
                points_per_second: number;
                count: number;
            } | null;
            hls_url: string | null;
            /** Format: date-time */
            expires_at: string;
        };
        TaskList: {
            items: components["schemas"]["Task"][];
            next: string | null;
        };
        Task: {
            task_id: string;
            /** @enum {string} */
            status: "PENDING" | "STARTED" | "RETRY" | "SUCCESS" | "FAILURE" | "REVOKED" | "succeeded" | "failed";
            /** @default null */
            result: unknown;
            kind?: string;
            project_id?: string | null;
            progress?: number;
            note?: string | null;
            attempts?: number;
            error?: string | null;
            is_dead?: boolean;
            is_parked?: boolean;
            cancel_requested?: boolean;
            priority?: number;
            /** Format: date-time */
            run_at?: string;
            /** Format: date-time */
            created_at?: string;
            started_at?: string | null;
            finished_at?: string | null;
        };
        TaskStatistics: {
            kinds: {
                kind: string;
                queued: number;
                parked: number;
                running: number;
                dead: number;
                oldest_seconds: number;
            }[];
            queue: {
                waiting: number;
                delayed: number;
                running: number;
                oldest_seconds: number;
            } | null;
        };
        Schedule: {
            id: string;
            name: string | null;
            cron: string;
            time_zone: string;
            work: components["schemas"]["ScheduledWork"];
            project_id: string | null;
            is_paused: boolean;
            next_at: string | null;
            last_due_at: string | null;
            last_task_id: string | null;
            last_error: string | null;
            /** Format: date-time */
            created_at: string;
        };
        ScheduledWork: {
            project_id: string;
            /** @default main */
            branch_name: string;
            /** @default mp4 */
            format: components["schemas"]["RenderFormat"];
            width?: number | null;
            height?: number | null;
            rate?: string | null;
            /** @constant */
            kind: "render";
        } | {
            topic: string;
            anchor_id?: number | null;
            /** @default false */
            continuous: boolean;
            width?: number | null;
            height?: number | null;
            project_id?: string | null;
            /** @constant */
            kind: "generate.clip";
        } | {
            account_id: string;
            project_id?: string | null;
            /** @default main */
            branch_name: string | null;
            video_url?: string | null;
            title?: string | null;
            description?: string | null;
            tags?: string[] | null;
            bilibili_tid?: number | null;
            cover_url?: string | null;
            /** @default false */
            multi_part: boolean | null;
            /** @constant */
            kind: "publish";
        } | {
            project_id: string;
            branch_name?: string | null;
            engine?: components["schemas"]["VNEngine"] | null;
            asset_ids?: string[] | null;
            /** @constant */
            kind: "vn.parse";
        };
        /** @enum {string} */
        RenderFormat: "mp4" | "webm";
        /** @enum {string} */
        VNEngine: "KIRIKIRI" | "RENPY";
        TaskAccepted: {
            task_id: string;
            /** @constant */
            status: "pending";
        };
        StoryboardScene: {
            scene_number: number;
            visual_description: string;
            narration: string;
        };
        Clip: {
            id: string;
            project_id: string;
            branch_name: string | null;
            title: string | null;
            summary: string | null;
            input_artifacts: {
                [key: string]: unknown;
            } | null;
            assets_ref: {
                [key: string]: unknown;
            } | null;
            task_id: string | null;
            /** @enum {string} */
            status: "pending" | "succeeded" | "failed";
            /** @default null */
            result: unknown;
            error: string | null;
            /** Format: date-time */
            created_at: string;
        };
        Render: {
            id: string;
            project_id: string;
            branch_name: string | null;
            commit_id: string;
            format: components["schemas"]["RenderFormat"];
            width: number | null;
            height: number | null;
            rate: string | null;
            /** @enum {string} */
            status: "pending" | "succeeded" | "failed";
            task_id: string;
            asset_id: string | null;
            url: string | null;
            duration_seconds: number | null;
            size: number | null;
            losses: string[];
            loss_report: components["schemas"]["Loss"][];
            is_published: boolean;
            error: string | null;
            /** Format: date-time */
            created_at: string;
        };
        PubAccount: {
            id: string;
            platform: components["schemas"]["Platform"];
            label: string | null;
            /** @enum {string} */
            status: "active" | "expired" | "disabled";
            last_checked_at: string | null;
            last_error: string | null;
        };
        /** @enum {string} */
        Platform: "bilibili" | "douyin" | "site" | "webhook";
        PubJob: {
            id: string;
            platform: components["schemas"]["Platform"];
            account_id: string;
            project_id: string | null;
            branch_name: string | null;
            video_url: string;
            title: string | null;
            description: string | null;
            tags: string[] | null;
            bilibili_tid: number | null;
            cover_url: string | null;
            scheduled_publish_at: string | null;
            multi_part: boolean;
            /** @default null */
            input_artifacts: unknown;
            attempts: number;
            task_id: string | null;
            /** @enum {string} */
            status: "pending" | "started" | "retrying" | "succeeded" | "failed" | "cancelled" | "unknown";
            /** @default null */
            result: unknown;
            logs: components["schemas"]["LogEntry"][] | null;
            error: string | null;
        };
        LogEntry: {
            /** Format: date-time */
            ts: string;
            /** @enum {string} */
            level: "info" | "error";
            event: string;
            message: string;
            data?: unknown;
        };
        PubJobList: {
            items: components["schemas"]["PubJob"][];
            next: string | null;
        };
        LogPage: {
            items: components["schemas"]["LogEntry"][];
            total: number;
            offset: number;
            limit: number;
        };
        VNParsePreview: {
            engine: components["schemas"]["VNEngine"];
            events: components["schemas"]["VNEvent"][];
            problems: components["schemas"]["VNProblem"][];
        };
        VNEvent: {
            /** @constant */
            type: "LABEL";
            name: string;
            label?: string;
            caption?: string;
            line?: number;
        } | {
            /** @constant */
            type: "SAY";
            speaker: string;
            text: string;
            character?: string;
            attributes?: string[];
            line?: number;
        } | {
            /** @constant */
            type: "NARRATION";
            text: string;
            line?: number;
        } | {
            /** @constant */
            type: "TEXT";
            text: string;
            line?: number;
        } | {
            /** @constant */
            type: "CHOICE";
            choices: {
                text: string;
                target?: string;
                storage?: string;
                condition?: string;
                line?: number;
            }[];
            line?: number;
        } | {
            /** @constant */
            type: "JUMP";
            target: string;
            label?: string;
            storage?: string;
            condition?: string;
            line?: number;
        };
        VNProblem: {
            line: number;
            message: string;
        };
        VNParseJob: {
            id: string;
            project_id: string;
            branch_name: string | null;
            engine: components["schemas"]["VNEngine"] | null;
            /** @enum {string} */
            status: "pending" | "started" | "succeeded" | "failed";
            task_id: string | null;
            attempts: number;
            /** @default null */
            result: unknown;
            logs: components["schemas"]["LogEntry"][] | null;
            error: string | null;
        };
        VNImport: {
            commit_id: string;
            branch_name: string;
            scenes: number;
            beats: number;
            characters: number;
        };
        Work: {
            release_key: components["schemas"]["ReleaseKey"];
            asked: string;
            title: string;
            original_title: string | null;
            year: number | null;
            type: components["schemas"]["WorkType"];
            season: number | null;
            root_key: string | null;
            ids: {
                [key: string]: string[];
            };
            aliases: components["schemas"]["WorkName"][];
            merged_keys: string[];
            parts: string[];
            source: string;
            /** Format: date-time */
            updated_at: string;
        };
        ReleaseKey: string;
        /** @enum {string} */
        WorkType: "movie" | "tv" | "anime" | "music" | "short_drama" | "ebook" | "audiobook" | "comic";
        WorkName: {
            name: string;
            language: string | null;
            script: string | null;
            kind: components["schemas"]["AliasKind"];
            source: string;
            licence: string | null;
            weight: number;
            /** Format: date-time */
            first_seen: string;
            /** Format: date-time */
            last_seen: string;
        };
        /** @enum {string} */
        AliasKind: "main" | "official" | "synonym" | "short" | "release" | "user";
        ImportedWorks: {
            added: number;
            changed: number;
            unchanged: number;
        };
        Import: {
            id: string;
            source: string;
            /** @enum {string} */
            state: "waiting" | "running" | "done" | "failed";
            lines: number;
            added: number;
            changed: number;
            bytes: number;
            bytes_read: number;
            refused: {
                line: number;
                reason: string;
            }[];
            error: string | null;
            /** Format: date-time */
            created_at: string;
            finished_at: string | null;
            upload_url?: string;
        };
        Submission: {
            id: string;
            release_key: components["schemas"]["ReleaseKey"];
            name: string;
            language: string | null;
            kind: components["schemas"]["AliasKind"];
            evidence: string | null;
            licence: string | null;
            /** @enum {string} */
            status: "pending" | "approved" | "rejected";
            reason: string | null;
            user_id: string | null;
            votes_for: number;
            votes_against: number;
            decided_at: string | null;
            /** Format: date-time */
            created_at: string;
        };
        CatalogueContributor: {
            user_id: string;
            /** @enum {string} */
            role: "contributor" | "publisher" | "admin";
            trust: number;
            approved: number;
            rejected: number;
        };
        ClientToken: {
            id: string;
            name: string;
            /** Format: date-time */
            created_at: string;
            token?: string;
        };
        IntelSite: {
            id: string;
            name: string | null;
            aliases: string[];
            domains: string[];
            /** @enum {string} */
            visibility: "open" | "members";
        };
        MySites: {
            sites: string[];
        };
        ObservationReport: {
            accepted: number;
            unresolved: number;
            refused: {
                at: number;
                reason: string;
            }[];
        };
        RemovedReleases: {
            removed: number;
        };
        SiteRecommendations: {
            release_key: string;
            sites: {
                site: string;
                score: number;
                /** Format: date-time */
                last_seen: string;
                reason: string;
                confidence: number;
            }[];
        };
        Recommendations: {
            items: components["schemas"]["Recommendation"][];
        };
        Recommendation: {
            media_id: components["schemas"]["ReleaseKey"];
            release_key: components["schemas"]["ReleaseKey"];
            title: string;
            media_type: string;
            year: number | null;
            score: number;
            confidence: number;
            reason: string;
            /** @enum {string} */
            recommendation_type: "series" | "same_sites" | "trending" | "popular";
        };
        RulePackage: {
            version: number;
            /** @enum {string} */
            state: "canary" | "live" | "withdrawn";
            canary_share: number;
            /** @enum {string} */
            reason: "publish" | "rollback";
            note: string | null;
            entries: {
                [key: string]: number;
            };
            checksum: string;
            signatures: {
                key: string;
                sig: string;
            }[];
            /** Format: date-time */
            published_at: string;
        };
        RulePackageText: {
            body: string;
            checksum: string;
        };
        SignedRules: {
            signed: {
                /** @constant */
                type: "rules";
                version: number;
                sha256: string;
                bytes: number;
            };
            signatures: {
                key: string;
                sig: string;
            }[];
        };
        SiteRules: {
            site: string;
            version: number;
            checksum: string;
            record: {
                [key: string]: unknown;
            };
            versions: number[];
        };
        RulesDiff: {
            from: number;
            to: number;
            added: string[];
            removed: string[];
            changed: {
                site: string;
                from: number;
                to: number;
                change: unknown;
            }[];
        };
        TrustKeys: {
            root: {
                signed: components["schemas"]["TrustRoot"];
                signatures: {
                    key: string;
                    sig: string;
                }[];
            };
            keys: {
                id: string;
                role: string;
                public_key: string;
                held_here: boolean;
                retired_at: string | null;
            }[];
        };
        TrustRoot: {
            /** @constant */
            type: "root";
            version: number;
            expires: string;
            keys: {
                [key: string]: string;
            };
            roles: {
                root: {
                    keys: string[];
                    threshold: number;
                } & {
                    [key: string]: unknown;
                };
                rules: {
                    keys: string[];
                    threshold: number;
                } & {
                    [key: string]: unknown;
                };
                manifest: {
                    keys: string[];
                    threshold: number;
                } & {
                    [key: string]: unknown;
                };
                pointer: {
                    keys: string[];
                    threshold: number;
                } & {
                    [key: string]: unknown;
                };
            } & {
                [key: string]: unknown;
            };
        } & {
            [key: string]: unknown;
        };
        RuleDraft: {
            id: string;
            site: string;
            record: {
                [key: string]: unknown;
            };
            fixtures: {
                name: string;
                page: string;
            }[];
            report: {
                ok: boolean;
                problems: {
                    fixture: string;
                    message: string;
                }[];
                pages: string[];
            } | null;
            losses?: {
                path: string;
                code: string;
                message: string;
            }[];
            /** @enum {string} */
            state: "open" | "published" | "withdrawn";
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        KeyRotation: {
            published: boolean;
            root: components["schemas"]["TrustRoot"];
        };
        Changes: {
            items: components["schemas"]["Change"][];
            next: number;
            more: boolean;
        };
        Change: {
            seq: number;
            kind: string;
            key: string;
            body: unknown;
            /** Format: date-time */
            at: string;
        };
        Feed: {
            signed: {
                /** @constant */
                type: "feed";
                from: number;
                to: number;
                more: boolean;
                head?: number;
                /** Format: date-time */
                from_at?: string;
                /** Format: date-time */
                to_at?: string;
                key?: string;
                works: components["schemas"]["FeedWork"][];
                redirects: {
                    from: components["schemas"]["ReleaseKey"];
                    into: components["schemas"]["ReleaseKey"];
                }[];
            };
            signatures: {
                key: string;
                sig: string;
            }[];
        };
        FeedWork: {
            release_key: components["schemas"]["ReleaseKey"];
            title: string;
            original_title: string | null;
            year: number | null;
            type: components["schemas"]["WorkType"];
            season: number | null;
            root_key: string | null;
            popularity: number;
            ids: {
                [key: string]: string[];
            };
            aliases: {
                name: string;
                language: string | null;
                kind: components["schemas"]["AliasKind"];
                licence: string | null;
                source: string;
                weight: number;
            }[];
            /** @default [] */
            merged_keys: components["schemas"]["ReleaseKey"][];
            /** @default [] */
            parts: components["schemas"]["ReleaseKey"][];
        };
        IntelIdentity: {
            key: string;
            public_key: string;
            url: string;
        };
        IntelNode: {
            id: string;
            name: string;
            url: string;
            public_key: string;
            /** @enum {string} */
            tier: "official" | "trusted" | "community";
            enabled: boolean;
            cursor: number;
            failures: number;
            last_error: string | null;
            last_pulled_at: string | null;
            most_works: number;
            most_works_a_day: number;
            most_names: number;
            most_names_a_day: number;
            most_changes_a_day: number;
            works: number;
            names: number;
            works_today: number;
            names_today: number;
            changes_today: number;
            limit_met: ("works" | "works_a_day" | "names" | "names_a_day" | "changes_a_day") | null;
        };
        AliasAnswer: components["schemas"]["Alias"] | Record<string, never>;
        Alias: {
            title: string;
            year?: number;
            type: components["schemas"]["WorkType"];
            tmdb_id?: number;
            release_key: components["schemas"]["ReleaseKey"];
            aliases: string[];
            confidence?: number;
            matched_by?: string;
            season?: number;
            episode?: number;
        };
        AliasSearch: {
            query: string;
            results: components["schemas"]["Alias"][];
            next_cursor?: string | null;
        };
        Explanation: {
            query: string;
            reading: components["schemas"]["NameReading"];
            answer: components["schemas"]["AliasAnswer"];
            candidates: components["schemas"]["Candidate"][];
        };
        NameReading: {
            [key: string]: unknown;
        };
        Candidate: {
            work: components["schemas"]["Alias"];
            score: number;
            confidence: number;
            reasons: string[];
            recognised: components["schemas"]["WorkName"] | null;
        };
        ResolvedTitles: {
            results: components["schemas"]["AliasAnswer"][];
        };
        IndexEntry: {
            release_key: string;
            sites: components["schemas"]["SiteScore"][];
        };
        SiteScore: {
            site: string;
            score: number;
            /** Format: date-time */
            last_seen: string;
        };
        RulesPackage: {
            version: number;
            /** Format: date-time */
            updated_at?: string;
            rules: {
                [key: string]: unknown;
            }[];
        } & {
            [key: string]: unknown;
        };
        SnapshotFileAnswer: {
            etag: string;
            type: string;
            forever: boolean;
            base64: string | null;
            location: string | null;
            part?: {
                start: number;
                length: number;
                size: number;
            } | null;
        };
        Snapshots: {
            base: string;
            manifest: {
                [key: string]: unknown;
            };
        };
        DeltaPlace: {
            from: number;
            to: number;
            path: string;
        };
        SnapshotBuild: {
            version: number;
            /** @enum {string} */
            state: "running" | "published" | "unchanged" | "failed";
            figures: {
                [key: string]: unknown;
            } | null;
            error: string | null;
            /** Format: date-time */
            started_at: string;
            finished_at: string | null;
        };
        WorkerSecret: {
            node_id: string;
            secret: string;
        };
        Heartbeat: {
            /** @constant */
            ok: true;
            renewed: {
                job_id: number;
                /** Format: date-time */
                lease_expires_at: string;
            }[];
            lost: {
                job_id: number | null;
                lease_token: string;
                reason: string;
            }[];
            lease_ttl_s: number;
            heartbeat_interval_s: number;
            quota: number;
            draining: boolean;
        };
        Lease: {
            jobs: components["schemas"]["LeasedJob"][];
            reason?: string;
            message?: string;
            retry_after_s?: number;
            elsewhere?: {
                site_id: string;
                owner: string;
                url: string;
            }[];
        };
        LeasedJob: {
            id: number;
            site_id: string;
            payload: {
                [key: string]: unknown;
            };
            kind?: string;
            lease_token?: string;
            /** Format: date-time */
            lease_expires_at?: string;
            lease_ttl_s?: number;
            attempt?: number;
            cursor?: string | null;
            cursor_version?: number;
            budget?: {
                max_pages: number;
                min_interval_ms: number;
            };
        };
        Finished: {
            /** @constant */
            ok: true;
            state?: string;
            cursor_version?: number | null;
            observations_refused?: {
                at: number;
                field: string;
                reason: string;
            }[];
            jobs?: components["schemas"]["LeasedJob"][];
            reason?: string;
            message?: string;
            retry_after_s?: number;
            elsewhere?: {
                site_id: string;
                owner: string;
                url: string;
            }[];
        };
        MeshJob: {
            id: number;
            site_id: string;
            kind: string;
            /** @enum {string} */
            state: "pending" | "leased" | "done" | "dead" | "cancelled";
            priority: number;
            /** Format: date-time */
            not_before: string;
            deadline: string | null;
            dedup_key: string | null;
            attempts: number;
            max_attempts: number;
            every_s: number | null;
            plan_id: number | null;
            payload: {
                [key: string]: unknown;
            };
            outcome: string | null;
            last_error: string | null;
            leased_by: string | null;
            /** Format: date-time */
            created_at: string;
            finished_at: string | null;
        };
        MeshJobWithHistory: {
            id: number;
            site_id: string;
            kind: string;
            /** @enum {string} */
            state: "pending" | "leased" | "done" | "dead" | "cancelled";
            priority: number;
            /** Format: date-time */
            not_before: string;
            deadline: string | null;
            dedup_key: string | null;
            attempts: number;
            max_attempts: number;
            every_s: number | null;
            plan_id: number | null;
            payload: {
                [key: string]: unknown;
            };
            outcome: string | null;
            last_error: string | null;
            leased_by: string | null;
            /** Format: date-time */
            created_at: string;
            finished_at: string | null;
            history: {
                epoch: number;
                node_id: string | null;
                outcome: string;
                error: string | null;
                leased_at: string | null;
                /** Format: date-time */
                ended_at: string;
            }[];
        };
        MeshPlan: {
            id: number;
            site_id: string;
            kind: string;
            by: string;
            from: number;
            to: number;
            parts: {
                total: number;
                done: number;
                pending: number;
                dead: number;
                cancelled: number;
            };
            coverage: number;
            covered: {
                from: number;
                to: number;
            }[];
            missing: {
                from: number;
                to: number;
            }[];
            complete: boolean;
            /** Format: date-time */
            created_at: string;
        };
        MeshSite: {
            site_id: string;
            aliases: string[];
            group: string;
            streams: number;
            min_interval_ms: number;
            per_hour: number | null;
            per_day: number | null;
            pace: number;
            max_workers: number;
            requires: string[];
            family: string | null;
            quiet_hours: {
                from: string;
                to: string;
                offset_minutes: number;
            }[];
            paused: boolean;
            blocked_until: string | null;
            block_reason: string | null;
            owner: string | null;
            owner_url: string | null;
            claim_epoch: number;
            version: number;
            /** Format: date-time */
            updated_at: string;
        };
        SiteExplanation: {
            site_id: string;
            leasable: boolean;
            reason: string | null;
            message: string;
            next_at: string | null;
            streams: {
                epoch: number;
                leased_by: string | null;
                job_id: number | null;
                site_id: string | null;
                lease_expires_at: string | null;
                /** Format: date-time */
                eligible_at: string;
                pressure: number;
            }[];
            waiting_jobs: number;
            due_jobs: number;
            waiting_workers: number;
        };
        MeshCursor: {
            site_id: string;
            name: string;
            value: string | null;
            version: number;
            /** @enum {string} */
            order: "opaque" | "integer" | "time";
            updated_at: string | null;
        };
        MeshWorker: {
            id: number;
            node_id: string;
            role: string;
            state: string;
            capabilities: {
                [key: string]: unknown;
            };
            sites: string[] | null;
            client_version: string | null;
            quota: number;
            failures: number;
            cooling_until: string | null;
            active_leases: number;
            /** Format: date-time */
            registered_at: string;
            /** Format: date-time */
            last_seen_at: string;
        };
        MeshStats: {
            workers: {
                known: number;
                active: number;
                waiting: number;
            };
            sites: {
                total: number;
                leased: number;
                ready: number;
                later: number;
                paused: number;
                blocked: number;
            };
            jobs: {
                pending: number;
                dead: number;
                oldest_due_s: number | null;
            };
            leases: {
                active: number;
                oldest_s: number | null;
            };
            last_hour: {
                done: number;
                failed: number;
                expired: number;
                released: number;
            };
            busiest_sites: {
                site_id: string;
                finished: number;
            }[];
            refused_proposals: number;
            replicas: number;
        };
        MeshKey: {
            id: number;
            kind: string;
            name: string;
            sites: string[] | null;
            uses_left: number | null;
            valid_until: string | null;
            /** Format: date-time */
            created_at: string;
        };
        MeshKeyWithSecret: {
            id: number;
            kind: string;
            name: string;
            sites: string[] | null;
            uses_left: number | null;
            valid_until: string | null;
            /** Format: date-time */
            created_at: string;
            secret: string | null;
        };
        Failure: {
            detail: string;
            /** @enum {string} */
            code: "invalid" | "unauthorized" | "not_found" | "conflict" | "unavailable" | "internal";
            details?: unknown;
        };
        ValidationFailure: {
            detail: {
                type: string;
                loc: (string | number)[];
                msg: string;
                input: unknown;
                ctx?: {
                    [key: string]: unknown;
                };
            }[];
            /** @constant */
            code: "invalid";
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    welcome: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        message: "Welcome to Evidverse API";
                    };
                };
            };
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        status: "ok";
                    };
                };
            };
        };
    };
    "projects.registerUser": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    email: string;
                    password: string;
                    full_name?: string | null;
                    is_active?: boolean | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
        };
    };
    "projects.login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": {
                    username: string;
                    password: string;
                    /** @enum {string} */
                    grant_type?: "password";
                };
                "multipart/form-data": {
                    username: string;
                    password: string;
                    /** @enum {string} */
                    grant_type?: "password";
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
        };
    };
    "projects.refreshSession": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    refresh_token: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
        };
    };
    "projects.endSession": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ok: boolean;
                    };
                };
            };
        };
    };
    "projects.endAllSessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ok: boolean;
                        /** @default 0 */
                        tokens_going_on: number;
                    };
                };
            };
        };
    };
    "projects.getMe": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
        };
    };
    "projects.updateMe": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    full_name: string | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
        };
    };
    "projects.changePassword": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    current_password: string;
                    new_password: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ok: boolean;
                    };
                };
            };
        };
    };
    "projects.searchUsers": {
        parameters: {
            query: {
                query: string;
                skip?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserPublic"][];
                };
            };
        };
    };
    "projects.getUser": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
        };
    };
    "projects.listUserProjects": {
        parameters: {
            query?: {
                skip?: number;
                limit?: number;
            };
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedItem"][];
                };
            };
        };
    };
    "projects.administerUser": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    role?: "user" | "moderator" | "admin";
                    is_active?: boolean;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
        };
    };
    "projects.listTokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonalToken"][];
                };
            };
        };
    };
    "projects.createToken": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    /**
                     * @default read
                     * @enum {string}
                     */
                    scope?: "read" | "write" | "admin";
                    expires_in_days?: number;
                    current_password?: string;
                };
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewPersonalToken"];
                };
            };
        };
    };
    "projects.revokeToken": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ok: boolean;
                    };
                };
            };
        };
    };
    "projects.listMyAudit": {
        parameters: {
            query?: {
                action?: string;
                actor_id?: string;
                since?: string;
                until?: string;
                after?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditPage"];
                };
            };
        };
    };
    "projects.feed": {
        parameters: {
            query?: {
                skip?: number;
                limit?: number;
                query?: string;
                tag?: string;
                sort?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedItem"][];
                };
            };
        };
    };
    "projects.getPublic": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedItem"];
                };
            };
        };
    };
    "projects.list": {
        parameters: {
            query?: {
                skip?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"][];
                };
            };
        };
    };
    "projects.create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    description?: string | null;
                    tags?: string[] | null;
                    is_public?: boolean;
                    team_id?: string | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
        };
    };
    "projects.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
        };
    };
    "projects.update": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name?: string | null;
                    description?: string | null;
                    workspace_data?: {
                        [key: string]: unknown;
                    } | null;
                    tags?: string[] | null;
                    is_public?: boolean | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
        };
    };
    "projects.delete": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    confirm_project_id: string;
                    confirm_nickname: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
        };
    };
    "projects.delete.post": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    confirm_project_id: string;
                    confirm_nickname: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
        };
    };
    "projects.toggleLike": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": boolean;
                };
            };
        };
    };
    "projects.fork": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    commit_hash?: string | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
        };
    };
    "projects.export": {
        parameters: {
            query?: {
                branch_name?: string;
            };
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExportPayload"];
                };
            };
        };
    };
    "projects.import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    source: {
                        cloud_project_id: string;
                        cloud_branch_name: string;
                        cloud_origin?: string | null;
                    };
                    project: {
                        name: string;
                        description?: string | null;
                        tags?: string[] | null;
                    };
                    branch: {
                        name: string;
                        description?: string | null;
                        tags?: string[] | null;
                        workspace_data?: {
                            [key: string]: unknown;
                        } | null;
                    };
                    head_commit?: {
                        message?: string | null;
                        video_assets?: {
                            [key: string]: unknown;
                        } | null;
                    } | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
        };
    };
    "projects.exportTimeline": {
        parameters: {
            query?: {
                branch_name?: string;
                format?: "otio" | "edl" | "fcpxml";
                language?: "en" | "zh";
            };
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TimelineFile"];
                };
            };
        };
    };
    "projects.bringTimelineBack": {
        parameters: {
            query?: never;
            header?: {
                "if-match"?: string;
            };
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    branch_name?: string;
                    /** @enum {string} */
                    format: "otio" | "edl" | "fcpxml";
                    content: string;
                    rate?: string | null;
                    parent_hash?: string | null;
                    rebase?: boolean;
                    message?: string | null;
                    preview?: boolean;
                    /**
                     * @default en
                     * @enum {string}
                     */
                    language?: "en" | "zh";
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TimelineBack"];
                };
            };
        };
    };
    "projects.importTimeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    /** @enum {string} */
                    format: "otio" | "edl" | "fcpxml";
                    content: string;
                    rate?: string;
                    /**
                     * @default en
                     * @enum {string}
                     */
                    language?: "en" | "zh";
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportedTimeline"];
                };
            };
        };
    };
    "projects.createAnchor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    project_id: string;
                    name: string;
                    reference_image_url: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Anchor"];
                };
            };
        };
    };
    "projects.getAnchor": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                anchor_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Anchor"];
                };
            };
        };
    };
    "projects.listAnchors": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Anchor"][];
                };
            };
        };
    };
    "projects.listMembers": {
        parameters: {
            query?: {
                skip?: number;
                limit?: number;
            };
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"][];
                };
            };
        };
    };
    "projects.changeMember": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    role: "maintainer" | "contributor" | "viewer";
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
        };
    };
    "projects.removeMember": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ok: boolean;
                    };
                };
            };
        };
    };
    "projects.transfer": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    to_user_id?: string;
                    to_team_id?: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
        };
    };
    "projects.listAudit": {
        parameters: {
            query?: {
                action?: string;
                actor_id?: string;
                since?: string;
                until?: string;
                after?: string;
                limit?: number;
            };
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditPage"];
                };
            };
        };
    };
    "projects.listInvitations": {
        parameters: {
            query?: {
                skip?: number;
                limit?: number;
            };
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invitation"][];
                };
            };
        };
    };
    "projects.invite": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    user_id?: string;
                    email?: string;
                    expires_in_days?: number;
                    /** @enum {string} */
                    role: "maintainer" | "contributor" | "viewer";
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewInvitation"];
                };
            };
        };
    };
    "projects.listMyInvitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invitation"][];
                };
            };
        };
    };
    "projects.revokeInvitation": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                invitation_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ok: boolean;
                    };
                };
            };
        };
    };
    "projects.answerInvitation": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                invitation_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    accept: boolean;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invitation"];
                };
            };
        };
    };
    "projects.readInvitation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    token: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invitation"];
                };
            };
        };
    };
    "projects.answerInvitationByToken": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    token: string;
                    accept: boolean;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invitation"];
                };
            };
        };
    };
    "projects.listTeams": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Team"][];
                };
            };
        };
    };
    "projects.createTeam": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Team"];
                };
            };
        };
    };
    "projects.getTeam": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                team_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Team"];
                };
            };
        };
    };
    "projects.updateTeam": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                team_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Team"];
                };
            };
        };
    };
    "projects.deleteTeam": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                team_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ok: boolean;
                    };
                };
            };
        };
    };
    "projects.listTeamProjects": {
        parameters: {
            query?: {
                skip?: number;
                limit?: number;
            };
            header?: never;
            path: {
                team_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"][];
                };
            };
        };
    };
    "projects.listTeamMembers": {
        parameters: {
            query?: {
                skip?: number;
                limit?: number;
            };
            header?: never;
            path: {
                team_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"][];
                };
            };
        };
    };
    "projects.changeTeamMember": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                team_id: string;
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    role: "owner" | "maintainer" | "contributor" | "viewer";
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
        };
    };
    "projects.removeTeamMember": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                team_id: string;
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ok: boolean;
                    };
                };
            };
        };
    };
    "projects.listTeamInvitations": {
        parameters: {
            query?: {
                skip?: number;
                limit?: number;
            };
            header?: never;
            path: {
                team_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invitation"][];
                };
            };
        };
    };
    "projects.inviteToTeam": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                team_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    user_id?: string;
                    email?: string;
                    expires_in_days?: number;
                    /** @enum {string} */
                    role: "owner" | "maintainer" | "contributor" | "viewer";
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewInvitation"];
                };
            };
        };
    };
    "projects.listTeamAudit": {
        parameters: {
            query?: {
                action?: string;
                actor_id?: string;
                since?: string;
                until?: string;
                after?: string;
                limit?: number;
            };
            header?: never;
            path: {
                team_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditPage"];
                };
            };
        };
    };
    "projects.listWebhooks": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"][];
                };
            };
        };
    };
    "projects.createWebhook": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    url: string;
                    events?: string[];
                    description?: string | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookWithSecret"];
                };
            };
        };
    };
    "projects.deleteWebhook": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ok: boolean;
                    };
                };
            };
        };
    };
    "projects.updateWebhook": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    url?: string;
                    events?: string[];
                    description?: string | null;
                    is_active?: boolean;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
        };
    };
    "projects.rotateWebhookSecret": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookWithSecret"];
                };
            };
        };
    };
    "projects.pingWebhook": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
        };
    };
    "projects.listWebhookDeliveries": {
        parameters: {
            query?: {
                status?: "waiting" | "succeeded" | "failed";
                after?: string;
                limit?: number;
            };
            header?: never;
            path: {
                project_id: string;
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDeliveryPage"];
                };
            };
        };
    };
    "projects.getWebhookDelivery": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
                webhook_id: string;
                delivery_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDeliveryDetails"];
                };
            };
        };
    };
    "projects.redeliverWebhook": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
                webhook_id: string;
                delivery_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
        };
    };
    "projects.exportBundle": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    branches?: string[];
                    have?: string[];
                    include_media?: boolean;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Transfer"];
                };
            };
        };
    };
    "projects.beginImport": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    size: number;
                    /**
                     * @default import
                     * @enum {string}
                     */
                    mode?: "import" | "verify";
                    into_project_id?: string;
                    name?: string;
                    refs?: {
                        branch_name: string;
                        expected: string | null;
                        to: string;
                    }[];
                    /** Format: uuid */
                    own_author_id?: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Transfer"];
                };
            };
        };
    };
    "projects.getTransfer": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                transfer_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Transfer"];
                };
            };
        };
    };
    "projects.endTransfer": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                transfer_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ok: boolean;
                    };
                };
            };
        };
    };
    "projects.importParts": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                transfer_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    part_numbers?: number[];
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportParts"];
                };
            };
        };
    };
    "projects.finishImportUpload": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                transfer_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Transfer"];
                };
            };
        };
    };
    "projects.getCloud": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudAccount"];
                };
            };
        };
    };
    "projects.connectCloud": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    token: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudAccount"];
                };
            };
        };
    };
    "projects.disconnectCloud": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CloudAccount"];
                };
            };
        };
    };
    "projects.listCloudProjects": {
        parameters: {
            query?: {
                skip?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"][];
                };
            };
        };
    };
    "projects.browseCloud": {
        parameters: {
            query?: {
                skip?: number;
                limit?: number;
                query?: string;
                tag?: string;
                sort?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedItem"][];
                };
            };
        };
    };
    "projects.cloneFromCloud": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    cloud_project_id: string;
                    name?: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SyncReport"];
                };
            };
        };
    };
    "projects.getRemote": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Remote"];
                };
            };
        };
    };
    "projects.pullFromCloud": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SyncReport"];
                };
            };
        };
    };
    "projects.pushToCloud": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    branches?: string[];
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SyncReport"];
                };
            };
        };
    };
    "projects.listSyncs": {
        parameters: {
            query?: {
                skip?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Sync"][];
                    };
                };
            };
        };
    };
    "projects.beginSync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    kind: "clone" | "pull" | "push";
                    project_id?: string;
                    cloud_project_id?: string;
                    name?: string;
                    branches?: string[];
                };
            };
        };
        responses: {
            /** @description Done */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sync"];
                };
            };
        };
    };
    "projects.getSync": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sync_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sync"];
                };
            };
        };
    };
    "projects.listBranches": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BranchWithFigures"][];
                };
            };
        };
    };
    "projects.getGraph": {
        parameters: {
            query?: {
                after?: string;
                limit?: number;
            };
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Graph"];
                };
            };
        };
    };
    "projects.listCommits": {
        parameters: {
            query?: {
                ref?: string;
                author_id?: string;
                text?: string;
                since?: string;
                until?: string;
                entity?: "track" | "shot" | "scene" | "beat" | "character" | "asset" | "effect" | "timeline_item" | "clip";
                entity_id?: string;
                after?: string;
                limit?: number;
            };
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommitLog"];
                };
            };
        };
    };
    "projects.commitChanges": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    branch_name?: string;
                    message: string;
                    changes: {
                        path: (string | number)[];
                        value?: unknown;
                        after?: (string | number) | null;
                    }[];
                    parent_hash?: string | null;
                    rebase?: boolean;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangeCommit"];
                };
            };
        };
    };
    "projects.getCommit": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
                commit: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommitDetails"];
                };
            };
        };
    };
    "projects.compareRefs": {
        parameters: {
            query: {
                base: string;
                head: string;
                head_project_id?: string;
                language?: "en" | "zh";
            };
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Comparison"];
                };
            };
        };
    };
    "projects.mergeBase": {
        parameters: {
            query: {
                base: string;
                head: string;
                head_project_id?: string;
            };
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MergeBase"];
                };
            };
        };
    };
    "projects.listChanges": {
        parameters: {
            query: {
                from: string;
                to: string;
            };
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DocumentChanges"];
                };
            };
        };
    };
    "projects.getHead": {
        parameters: {
            query?: {
                branch_name?: string;
            };
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Head"];
                };
            };
        };
    };
    "projects.getWorkspace": {
        parameters: {
            query?: {
                branch_name?: string;
            };
            header?: {
                "if-none-match"?: string;
            };
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    "projects.saveWorkspace": {
        parameters: {
            query?: {
                branch_name?: string;
            };
            header?: {
                "if-match"?: string;
            };
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    "projects.forkBranch": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    source_branch_name?: string;
                    from_commit_hash?: string | null;
                    name?: string | null;
                    description?: string | null;
                    tags?: string[] | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Branch"];
                };
            };
        };
    };
    "projects.createCommit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    project_id: string;
                    message: string;
                    video_assets: {
                        [key: string]: unknown;
                    };
                    branch_name?: string;
                    parent_hash?: string | null;
                    rebase?: boolean;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Commit"];
                };
            };
        };
    };
    "projects.createBranch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    project_id: string;
                    name: string;
                    from_commit_hash?: string | null;
                    description?: string | null;
                    tags?: string[] | null;
                    parent_branch_id?: string | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Branch"];
                };
            };
        };
    };
    "projects.deleteBranch": {
        parameters: {
            query?: {
                expected_head?: string;
            };
            header?: never;
            path: {
                project_id: string;
                branch_name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ok: boolean;
                    };
                };
            };
        };
    };
    "projects.renameBranch": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
                branch_name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Branch"];
                };
            };
        };
    };
    "projects.moveBranch": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
                branch_name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    to: string;
                    expected_head: string | null;
                    force?: boolean;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Branch"];
                };
            };
        };
    };
    "projects.getBranchRule": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
                branch_name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BranchRule"];
                };
            };
        };
    };
    "projects.protectBranch": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
                branch_name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @default maintainers
                     * @enum {string}
                     */
                    push?: "anyone" | "maintainers" | "owner" | "nobody";
                    required_approvals?: number;
                    resolved_threads?: boolean;
                    allow_deletion?: boolean;
                    allow_force?: boolean;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BranchRule"];
                };
            };
        };
    };
    "projects.unprotectBranch": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
                branch_name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BranchRule"];
                };
            };
        };
    };
    "projects.listBranchMoves": {
        parameters: {
            query?: {
                branch_name?: string;
                after?: string;
                limit?: number;
            };
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reflog"];
                };
            };
        };
    };
    "projects.listTags": {
        parameters: {
            query?: {
                releases_only?: boolean;
                after?: string;
                limit?: number;
            };
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TagList"];
                };
            };
        };
    };
    "projects.createTag": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    ref?: string;
                    message?: string | null;
                    release?: {
                        title: string;
                        notes?: string;
                        is_prerelease?: boolean;
                    } | null;
                };
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tag"];
                };
            };
        };
    };
    "projects.getTag": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
                tag_name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tag"];
                };
            };
        };
    };
    "projects.deleteTag": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
                tag_name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ok: boolean;
                    };
                };
            };
        };
    };
    "projects.writeRelease": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
                tag_name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    title: string;
                    notes?: string;
                    is_prerelease?: boolean;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tag"];
                };
            };
        };
    };
    "projects.revertCommit": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    branch_name?: string;
                    commit: string;
                    message?: string | null;
                    mainline?: number | null;
                    expected_head?: string | null;
                    resolutions?: {
                        conflict_id: string;
                        /** @enum {string} */
                        take: "ours" | "theirs" | "base" | "value" | "restore" | "drop_use" | "nearest_gap";
                        /** @description any JSON value */
                        value?: unknown;
                    }[];
                    preview?: boolean;
                    /**
                     * @default en
                     * @enum {string}
                     */
                    language?: "en" | "zh";
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Application"];
                };
            };
        };
    };
    "projects.cherryPick": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    branch_name?: string;
                    commit: string;
                    message?: string | null;
                    mainline?: number | null;
                    expected_head?: string | null;
                    resolutions?: {
                        conflict_id: string;
                        /** @enum {string} */
                        take: "ours" | "theirs" | "base" | "value" | "restore" | "drop_use" | "nearest_gap";
                        /** @description any JSON value */
                        value?: unknown;
                    }[];
                    preview?: boolean;
                    /**
                     * @default en
                     * @enum {string}
                     */
                    language?: "en" | "zh";
                    from_project_id?: string | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Application"];
                };
            };
        };
    };
    "projects.blameEntity": {
        parameters: {
            query: {
                ref?: string;
                entity: "track" | "shot" | "scene" | "beat" | "character" | "asset" | "effect" | "timeline_item" | "clip";
                id: string;
                after?: string;
                limit?: number;
            };
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Blame"];
                };
            };
        };
    };
    "projects.listRevisions": {
        parameters: {
            query?: {
                branch_name?: string;
                limit?: number;
            };
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkspaceRevision"][];
                };
            };
        };
    };
    "projects.getRevision": {
        parameters: {
            query?: {
                branch_name?: string;
            };
            header?: never;
            path: {
                project_id: string;
                revision: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkspaceRevisionDetails"];
                };
            };
        };
    };
    "projects.restoreWorkspace": {
        parameters: {
            query?: {
                branch_name?: string;
            };
            header?: {
                "if-match"?: string;
            };
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    commit?: string | null;
                    revision?: number | null;
                    branch_name?: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    "projects.listForks": {
        parameters: {
            query?: {
                skip?: number;
                limit?: number;
            };
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Fork"][];
                        total: number;
                    };
                };
            };
        };
    };
    "projects.catchUp": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    branch_name?: string;
                    from?: string;
                    message?: string | null;
                    expected_head?: string | null;
                    resolutions?: {
                        conflict_id: string;
                        /** @enum {string} */
                        take: "ours" | "theirs" | "base" | "value" | "restore" | "drop_use" | "nearest_gap";
                        /** @description any JSON value */
                        value?: unknown;
                    }[];
                    preview?: boolean;
                    /**
                     * @default en
                     * @enum {string}
                     */
                    language?: "en" | "zh";
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaughtUp"];
                };
            };
        };
    };
    "projects.listMergeRequests": {
        parameters: {
            query?: {
                status?: "open" | "merged" | "closed";
                direction?: "incoming" | "outgoing";
                skip?: number;
                limit?: number;
            };
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MergeRequest"][];
                };
            };
        };
    };
    "projects.createMergeRequest": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    source_branch_name: string;
                    target_branch_name?: string | null;
                    title?: string | null;
                    description?: string | null;
                    clip_ids?: string[] | null;
                    source_project_id?: string | null;
                    is_draft?: boolean | null;
                    reviewer_ids?: string[] | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MergeRequest"];
                };
            };
        };
    };
    "projects.getMergeRequest": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                merge_request_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MergeRequest"];
                };
            };
        };
    };
    "projects.updateMergeRequest": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                merge_request_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    title?: string | null;
                    description?: string | null;
                    is_draft?: boolean | null;
                    reviewer_ids?: string[] | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MergeRequest"];
                };
            };
        };
    };
    "projects.closeMergeRequest": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                merge_request_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MergeRequest"];
                };
            };
        };
    };
    "projects.mergeMergeRequest": {
        parameters: {
            query?: {
                method?: "merge" | "squash" | "fast_forward";
                message?: string;
                expected_source_head?: string;
                expected_target_head?: string;
            };
            header?: never;
            path: {
                merge_request_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /**
                     * @default merge
                     * @enum {string}
                     */
                    method?: "merge" | "squash" | "fast_forward";
                    message?: string;
                    expected_source_head?: string;
                    expected_target_head?: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MergeRequest"];
                };
            };
        };
    };
    "projects.reopenMergeRequest": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                merge_request_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MergeRequest"];
                };
            };
        };
    };
    "projects.previewMerge": {
        parameters: {
            query?: {
                method?: "merge" | "squash" | "fast_forward";
                language?: "en" | "zh";
            };
            header?: never;
            path: {
                merge_request_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MergePreview"];
                };
            };
        };
    };
    "projects.listConflicts": {
        parameters: {
            query?: {
                language?: "en" | "zh";
            };
            header?: never;
            path: {
                merge_request_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConflictList"];
                };
            };
        };
    };
    "projects.resolveConflict": {
        parameters: {
            query?: {
                language?: "en" | "zh";
            };
            header?: never;
            path: {
                merge_request_id: string;
                conflict_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    take: "ours" | "theirs" | "base" | "value" | "restore" | "drop_use" | "nearest_gap";
                    /** @description any JSON value */
                    value?: unknown;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConflictList"];
                };
            };
        };
    };
    "projects.unresolveConflict": {
        parameters: {
            query?: {
                language?: "en" | "zh";
            };
            header?: never;
            path: {
                merge_request_id: string;
                conflict_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConflictList"];
                };
            };
        };
    };
    "projects.listReviews": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                merge_request_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReviewState"];
                };
            };
        };
    };
    "projects.reviewMergeRequest": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                merge_request_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    verdict: "approved" | "changes_requested" | "commented";
                    body?: string | null;
                    head_commit_id?: string | null;
                };
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReviewState"];
                };
            };
        };
    };
    "projects.dismissReview": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                merge_request_id: string;
                review_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    reason: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReviewState"];
                };
            };
        };
    };
    "projects.listThreads": {
        parameters: {
            query?: {
                language?: "en" | "zh";
            };
            header?: never;
            path: {
                merge_request_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Thread"][];
                };
            };
        };
    };
    "projects.openThread": {
        parameters: {
            query?: {
                language?: "en" | "zh";
            };
            header?: never;
            path: {
                merge_request_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    body: string;
                    suggestion?: {
                        path: (string | number)[];
                        /** @description any JSON value */
                        value: unknown;
                    } | null;
                    anchor?: {
                        commit_id: string;
                        entity?: ("track" | "shot" | "scene" | "beat" | "character" | "asset" | "effect" | "timeline_item" | "clip") | null;
                        entity_id?: string | null;
                        source_frame?: number | null;
                        timeline_frame?: number | null;
                        rate?: [
                            number,
                            number
                        ];
                    } | null;
                };
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Thread"];
                };
            };
        };
    };
    "projects.settleThread": {
        parameters: {
            query?: {
                language?: "en" | "zh";
            };
            header?: never;
            path: {
                merge_request_id: string;
                thread_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    is_resolved: boolean;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Thread"];
                };
            };
        };
    };
    "projects.replyToThread": {
        parameters: {
            query?: {
                language?: "en" | "zh";
            };
            header?: never;
            path: {
                merge_request_id: string;
                thread_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    body: string;
                    suggestion?: {
                        path: (string | number)[];
                        /** @description any JSON value */
                        value: unknown;
                    } | null;
                };
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Thread"];
                };
            };
        };
    };
    "projects.deleteComment": {
        parameters: {
            query?: {
                language?: "en" | "zh";
            };
            header?: never;
            path: {
                merge_request_id: string;
                thread_id: string;
                comment_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Thread"];
                };
            };
        };
    };
    "projects.editComment": {
        parameters: {
            query?: {
                language?: "en" | "zh";
            };
            header?: never;
            path: {
                merge_request_id: string;
                thread_id: string;
                comment_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    body: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Thread"];
                };
            };
        };
    };
    "projects.applySuggestion": {
        parameters: {
            query?: {
                language?: "en" | "zh";
            };
            header?: never;
            path: {
                merge_request_id: string;
                thread_id: string;
                comment_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Thread"];
                };
            };
        };
    };
    "media.presignUpload": {
        parameters: {
            query: {
                filename: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadTicket"];
                };
            };
        };
    };
    "media.completeUpload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** Format: binary */
                    file: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        msg: string;
                    };
                };
            };
        };
    };
    "media.listVnAssets": {
        parameters: {
            query?: {
                project_id?: string;
                branch_name?: string;
                type?: "SCREENSHOT" | "VN_SCRIPT" | "VN_TEXT" | "VN_JSON" | "CHARACTER_SHEET" | "OTHER";
                skip?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VNAsset"][];
                };
            };
        };
    };
    "media.createVnAsset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    project_id: string;
                    branch_name?: string | null;
                    /** @enum {string} */
                    type: "SCREENSHOT" | "VN_SCRIPT" | "VN_TEXT" | "VN_JSON" | "CHARACTER_SHEET" | "OTHER";
                    object_name: string;
                    /** @description any JSON value */
                    metadata?: unknown;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VNAsset"];
                };
            };
        };
    };
    "media.startUploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    files: {
                        filename: string;
                        size: number;
                        sha256?: string | null;
                        content_type?: string | null;
                    }[];
                    project_id?: string | null;
                    licence?: string | null;
                    provenance?: {
                        [key: string]: unknown;
                    } | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        uploads: components["schemas"]["Upload"][];
                    };
                };
            };
        };
    };
    "media.getUpload": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                upload_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
        };
    };
    "media.abortUpload": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                upload_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
        };
    };
    "media.presignParts": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                upload_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    part_numbers: number[];
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        parts: {
                            part_number: number;
                            url: string;
                            size: number;
                        }[];
                        /** Format: date-time */
                        expires_at: string;
                    };
                };
            };
        };
    };
    "media.completeUpload.post": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                upload_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
        };
    };
    "media.getUsage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MediaUsage"];
                };
            };
        };
    };
    "media.listAssets": {
        parameters: {
            query?: {
                project_id?: string;
                commit_id?: string;
                kind?: "video" | "audio" | "image" | "other";
                after?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Asset"][];
                        next: string | null;
                    };
                };
            };
        };
    };
    "media.wantMedia": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    hashes: string[];
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WantedMedia"];
                };
            };
        };
    };
    "media.getAsset": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                asset_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Asset"];
                };
            };
        };
    };
    "media.deleteAsset": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                asset_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ok: boolean;
                    };
                };
            };
        };
    };
    "media.updateAsset": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                asset_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name?: string | null;
                    licence?: string | null;
                    is_public?: boolean | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Asset"];
                };
            };
        };
    };
    "media.restoreAsset": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                asset_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Asset"];
                };
            };
        };
    };
    "media.linkAsset": {
        parameters: {
            query?: {
                download?: boolean;
            };
            header?: never;
            path: {
                asset_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MediaLink"];
                };
            };
        };
    };
    "media.getPlayback": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                asset_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Playback"];
                };
            };
        };
    };
    "media.readPlaylist": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                asset_id: string;
                key: string;
                playlist: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                };
            };
        };
    };
    "media.followLink": {
        parameters: {
            query?: {
                project_id?: string;
            };
            header?: {
                referer?: string;
            };
            path: {
                asset_id: string;
                key: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: never;
    };
    "tasks.list": {
        parameters: {
            query?: {
                kind?: string;
                status?: "PENDING" | "STARTED" | "RETRY" | "SUCCESS" | "FAILURE" | "REVOKED";
                project_id?: string;
                dead?: boolean;
                everyone?: boolean;
                after?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskList"];
                };
            };
        };
    };
    "tasks.statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskStatistics"];
                };
            };
        };
    };
    "tasks.listSchedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"][];
                };
            };
        };
    };
    "tasks.createSchedule": {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name?: string | null;
                    cron: string;
                    time_zone?: string;
                    work: {
                        project_id: string;
                        branch_name?: string;
                        /** @enum {string} */
                        format?: "mp4" | "webm";
                        width?: number | null;
                        height?: number | null;
                        rate?: string | null;
                        /** @constant */
                        kind: "render";
                    } | {
                        topic: string;
                        anchor_id?: number | null;
                        continuous?: boolean;
                        width?: number | null;
                        height?: number | null;
                        project_id?: string | null;
                        /** @constant */
                        kind: "generate.clip";
                    } | {
                        account_id: string;
                        project_id?: string | null;
                        branch_name?: string | null;
                        video_url?: string | null;
                        title?: string | null;
                        description?: string | null;
                        tags?: string[] | null;
                        bilibili_tid?: number | null;
                        cover_url?: string | null;
                        multi_part?: boolean | null;
                        /** @constant */
                        kind: "publish";
                    } | {
                        project_id: string;
                        branch_name?: string | null;
                        engine?: ("KIRIKIRI" | "RENPY") | null;
                        asset_ids?: string[] | null;
                        /** @constant */
                        kind: "vn.parse";
                    };
                };
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
        };
    };
    "tasks.pauseSchedule": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                schedule_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
        };
    };
    "tasks.resumeSchedule": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                schedule_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
        };
    };
    "tasks.deleteSchedule": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                schedule_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ok: boolean;
                    };
                };
            };
        };
    };
    "tasks.get": {
        parameters: {
            query?: never;
            header?: {
                "user-agent"?: string | null;
            };
            path: {
                task_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
        };
    };
    "tasks.watch": {
        parameters: {
            query?: {
                after?: string | null;
            };
            header?: never;
            path: {
                task_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events, for as long as they are read */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": unknown;
                };
            };
        };
    };
    "tasks.cancel": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                task_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
        };
    };
    "tasks.retry": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                task_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
        };
    };
    "tasks.generateCharacter": {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    prompt: string;
                    anchor_id?: number | null;
                    width?: number | null;
                    height?: number | null;
                    project_id?: string | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskAccepted"];
                };
            };
        };
    };
    "tasks.generateClip": {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    topic: string;
                    anchor_id?: number | null;
                    continuous?: boolean;
                    width?: number | null;
                    height?: number | null;
                    project_id?: string | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskAccepted"];
                };
            };
        };
    };
    "tasks.generateSegment": {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    narration: string;
                    visual_description: string;
                    image_url?: string | null;
                    continue_from?: string | null;
                    anchor_id?: number | null;
                    width?: number | null;
                    height?: number | null;
                    project_id?: string | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskAccepted"];
                };
            };
        };
    };
    "tasks.generateStoryboard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    topic: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        storyboard: components["schemas"]["StoryboardScene"][];
                    };
                };
            };
        };
    };
    "tasks.comicToVideo": {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    project_id: string;
                    branch_name?: string | null;
                    title?: string | null;
                    summary?: string | null;
                    screenshot_asset_ids: string[];
                    prompt?: string | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Clip"];
                };
            };
        };
    };
    "tasks.listClips": {
        parameters: {
            query?: {
                project_id?: string;
                branch_name?: string;
                skip?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Clip"][];
                };
            };
        };
    };
    "tasks.getClip": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                clip_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Clip"];
                };
            };
        };
    };
    "tasks.listRenders": {
        parameters: {
            query?: {
                commit_id?: string;
                language?: "en" | "zh";
            };
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Render"][];
                };
            };
        };
    };
    "tasks.createRender": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    branch_name?: string;
                    /** @enum {string} */
                    format?: "mp4" | "webm";
                    width?: number | null;
                    height?: number | null;
                    rate?: string | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Render"];
                };
            };
        };
    };
    "tasks.getRender": {
        parameters: {
            query?: {
                language?: "en" | "zh";
            };
            header?: never;
            path: {
                render_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Render"];
                };
            };
        };
    };
    "tasks.listPubAccounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PubAccount"][];
                };
            };
        };
    };
    "tasks.createPubAccount": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    platform: "bilibili" | "douyin" | "site" | "webhook";
                    label?: string | null;
                    credential_json: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PubAccount"];
                };
            };
        };
    };
    "tasks.validatePubAccount": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PubAccount"];
                };
            };
        };
    };
    "tasks.disablePubAccount": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PubAccount"];
                };
            };
        };
    };
    "tasks.enablePubAccount": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PubAccount"];
                };
            };
        };
    };
    "tasks.deletePubAccount": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ok: boolean;
                    };
                };
            };
        };
    };
    "tasks.listPubJobs": {
        parameters: {
            query?: {
                project_id?: string;
                status?: "pending" | "started" | "retrying" | "succeeded" | "failed" | "cancelled" | "unknown";
                after?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PubJobList"];
                };
            };
        };
    };
    "tasks.createPubJob": {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    account_id: string;
                    project_id?: string | null;
                    branch_name?: string | null;
                    video_url?: string | null;
                    title?: string | null;
                    description?: string | null;
                    tags?: string[] | null;
                    bilibili_tid?: number | null;
                    cover_url?: string | null;
                    scheduled_publish_at?: string | null;
                    multi_part?: boolean | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PubJob"];
                };
            };
        };
    };
    "tasks.getPubJob": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PubJob"];
                };
            };
        };
    };
    "tasks.pubJobLogs": {
        parameters: {
            query?: {
                offset?: number;
                limit?: number;
            };
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogPage"];
                };
            };
        };
    };
    "tasks.retryPubJob": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PubJob"];
                };
            };
        };
    };
    "tasks.cancelPubJob": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PubJob"];
                };
            };
        };
    };
    "tasks.settlePubJob": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    outcome: "published" | "not_published";
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PubJob"];
                };
            };
        };
    };
    "tasks.parsePreview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    engine: "KIRIKIRI" | "RENPY";
                    script_text: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VNParsePreview"];
                };
            };
        };
    };
    "tasks.createParseJob": {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    project_id: string;
                    branch_name?: string | null;
                    engine?: ("KIRIKIRI" | "RENPY") | null;
                    script_text?: string | null;
                    asset_ids?: string[] | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VNParseJob"];
                };
            };
        };
    };
    "tasks.getParseJob": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VNParseJob"];
                };
            };
        };
    };
    "tasks.parseJobLogs": {
        parameters: {
            query?: {
                offset?: number;
                limit?: number;
            };
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogPage"];
                };
            };
        };
    };
    "tasks.importParseJob": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    branch_name?: string | null;
                    message?: string | null;
                    replace?: boolean;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VNImport"];
                };
            };
        };
    };
    "intel.findWorks": {
        parameters: {
            query?: {
                tmdb_id?: string;
                imdb_id?: string;
                tvdb_id?: string;
                douban_id?: string;
                bangumi_id?: string;
                skip?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Work"][];
                };
            };
        };
    };
    "intel.createWork": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    title: string;
                    original_title?: string | null;
                    year?: number | null;
                    /** @enum {string} */
                    type: "movie" | "tv" | "anime" | "music" | "short_drama" | "ebook" | "audiobook" | "comic";
                    season?: number | null;
                    root_key?: string | null;
                    /** @default 0 */
                    popularity?: number;
                    ids?: {
                        [key: string]: string | string[];
                    };
                    aliases?: {
                        name: string;
                        language?: string | null;
                        /** @enum {string} */
                        kind?: "main" | "official" | "synonym" | "short" | "release" | "user";
                        licence?: string | null;
                        /** @default 1 */
                        weight?: number;
                    }[];
                };
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Work"];
                };
            };
        };
    };
    "intel.getWork": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                release_key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Work"];
                };
            };
        };
    };
    "intel.saveWork": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                release_key: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    title: string;
                    original_title?: string | null;
                    year?: number | null;
                    /** @enum {string} */
                    type: "movie" | "tv" | "anime" | "music" | "short_drama" | "ebook" | "audiobook" | "comic";
                    season?: number | null;
                    root_key?: string | null;
                    /** @default 0 */
                    popularity?: number;
                    ids?: {
                        [key: string]: string | string[];
                    };
                    aliases?: {
                        name: string;
                        language?: string | null;
                        /** @enum {string} */
                        kind?: "main" | "official" | "synonym" | "short" | "release" | "user";
                        licence?: string | null;
                        /** @default 1 */
                        weight?: number;
                    }[];
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Work"];
                };
            };
        };
    };
    "intel.mergeWorks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    release_key: string;
                    into: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Work"];
                };
            };
        };
    };
    "intel.unmergeWork": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    release_key: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Work"];
                };
            };
        };
    };
    "intel.splitWork": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    release_key: string;
                    parts: {
                        title: string;
                        original_title?: string | null;
                        year?: number | null;
                        /** @enum {string} */
                        type: "movie" | "tv" | "anime" | "music" | "short_drama" | "ebook" | "audiobook" | "comic";
                        season?: number | null;
                        root_key?: string | null;
                        /** @default 0 */
                        popularity?: number;
                        ids?: {
                            [key: string]: string | string[];
                        };
                        aliases?: {
                            name: string;
                            language?: string | null;
                            /** @enum {string} */
                            kind?: "main" | "official" | "synonym" | "short" | "release" | "user";
                            licence?: string | null;
                            /** @default 1 */
                            weight?: number;
                        }[];
                    }[];
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Work"][];
                };
            };
        };
    };
    "intel.unsplitWork": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    release_key: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Work"];
                };
            };
        };
    };
    "intel.importWorks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    source: string;
                    works: {
                        title: string;
                        original_title?: string | null;
                        year?: number | null;
                        /** @enum {string} */
                        type: "movie" | "tv" | "anime" | "music" | "short_drama" | "ebook" | "audiobook" | "comic";
                        season?: number | null;
                        root_key?: string | null;
                        /** @default 0 */
                        popularity?: number;
                        ids?: {
                            [key: string]: string | string[];
                        };
                        aliases?: {
                            name: string;
                            language?: string | null;
                            /** @enum {string} */
                            kind?: "main" | "official" | "synonym" | "short" | "release" | "user";
                            licence?: string | null;
                            /** @default 1 */
                            weight?: number;
                        }[];
                        release_key?: string;
                        source_ref?: string;
                    }[];
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportedWorks"];
                };
            };
        };
    };
    "intel.createImport": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    source: string;
                };
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Import"];
                };
            };
        };
    };
    "intel.startImport": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                import_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Import"];
                };
            };
        };
    };
    "intel.getImport": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                import_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Import"];
                };
            };
        };
    };
    "intel.listSubmissions": {
        parameters: {
            query?: {
                status?: "pending" | "approved" | "rejected";
                mine?: "true" | "false";
                skip?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Submission"][];
                };
            };
        };
    };
    "intel.submitAlias": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    release_key: string;
                    name: string;
                    language?: string | null;
                    /** @enum {string} */
                    kind?: "main" | "official" | "synonym" | "short" | "release" | "user";
                    evidence?: string | null;
                    licence?: string | null;
                };
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Submission"];
                };
            };
        };
    };
    "intel.approveSubmission": {
        parameters: {
            query?: {
                reason?: string | null;
            };
            header?: never;
            path: {
                submission_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    reason?: string | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Submission"];
                };
            };
        };
    };
    "intel.rejectSubmission": {
        parameters: {
            query?: {
                reason?: string | null;
            };
            header?: never;
            path: {
                submission_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    reason?: string | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Submission"];
                };
            };
        };
    };
    "intel.listContributors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CatalogueContributor"][];
                };
            };
        };
    };
    "intel.setContributor": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    role: "none" | "contributor" | "publisher" | "admin";
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CatalogueContributor"] | null;
                };
            };
        };
    };
    "intel.listClientTokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClientToken"][];
                };
            };
        };
    };
    "intel.createClientToken": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                };
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClientToken"];
                };
            };
        };
    };
    "intel.revokeClientToken": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        ok: true;
                    };
                };
            };
        };
    };
    "intel.listSites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IntelSite"][];
                };
            };
        };
    };
    "intel.saveSite": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                site_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name?: string | null;
                    aliases?: string[];
                    domains?: string[];
                    /** @enum {string} */
                    visibility?: "open" | "members";
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IntelSite"];
                };
            };
        };
    };
    "intel.getMySites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MySites"];
                };
            };
        };
    };
    "intel.setMySites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    sites: string[];
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MySites"];
                };
            };
        };
    };
    "intel.reportReleases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    observations: unknown[];
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ObservationReport"];
                };
            };
        };
    };
    "intel.removeReleases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    releases: {
                        site: string;
                        release_key: string;
                    }[];
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RemovedReleases"];
                };
            };
        };
    };
    "intel.recommendSites": {
        parameters: {
            query: {
                release_key: string;
                limit?: number;
            };
            header?: {
                authorization?: string;
                "x-client-token"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SiteRecommendations"];
                };
            };
        };
    };
    "intel.recommendSimilar": {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: {
                authorization?: string;
                "x-client-token"?: string;
            };
            path: {
                release_key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Recommendations"];
                };
            };
        };
    };
    "intel.recommendTrending": {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: {
                authorization?: string;
                "x-client-token"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Recommendations"];
                };
            };
        };
    };
    "intel.giveFeedback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    release_key: string;
                    subject: string;
                    /** @enum {string} */
                    verdict: "helpful" | "wrong" | "chosen";
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        ok: true;
                    };
                };
            };
        };
    };
    "intel.listRulePackages": {
        parameters: {
            query?: {
                skip?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RulePackage"][];
                };
            };
        };
    };
    "intel.getRulePackage": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RulePackageText"];
                };
            };
        };
    };
    "intel.getRuleSignatures": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedRules"];
                };
            };
        };
    };
    "intel.signRules": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                version: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    signatures: {
                        key: string;
                        sig: string;
                    }[];
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RulePackage"];
                };
            };
        };
    };
    "intel.getSiteRules": {
        parameters: {
            query?: {
                version?: number;
            };
            header?: never;
            path: {
                site_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SiteRules"];
                };
            };
        };
    };
    "intel.diffRules": {
        parameters: {
            query: {
                from: number;
                to: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RulesDiff"];
                };
            };
        };
    };
    "intel.getRulesSchema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    "intel.getTrustKeys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrustKeys"];
                };
            };
        };
    };
    "intel.listRuleDrafts": {
        parameters: {
            query?: {
                skip?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleDraft"][];
                };
            };
        };
    };
    "intel.createRuleDraft": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    record?: {
                        [key: string]: unknown;
                    };
                    definition?: string;
                    fixtures?: {
                        [key: string]: unknown;
                    }[];
                };
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleDraft"];
                };
            };
        };
    };
    "intel.saveRuleDraft": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                draft_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    record?: {
                        [key: string]: unknown;
                    };
                    definition?: string;
                    fixtures?: {
                        [key: string]: unknown;
                    }[];
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleDraft"];
                };
            };
        };
    };
    "intel.withdrawRuleDraft": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                draft_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleDraft"];
                };
            };
        };
    };
    "intel.validateRuleDraft": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                draft_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleDraft"];
                };
            };
        };
    };
    "intel.publishRules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    drafts: string[];
                    /** @default [] */
                    remove?: string[];
                    /** @default 1 */
                    canary_share?: number;
                    note?: string | null;
                };
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RulePackage"];
                };
            };
        };
    };
    "intel.rollbackRules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    to: number;
                    sites?: string[];
                    note?: string | null;
                };
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RulePackage"];
                };
            };
        };
    };
    "intel.promoteRules": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RulePackage"];
                };
            };
        };
    };
    "intel.withdrawRules": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RulePackage"];
                };
            };
        };
    };
    "intel.rotateKey": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    role: "root" | "rules" | "manifest" | "pointer" | "feed";
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyRotation"];
                };
            };
        };
    };
    "intel.publishRoot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    signed: {
                        [key: string]: unknown;
                    };
                    signatures: {
                        key: string;
                        sig: string;
                    }[];
                };
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrustKeys"];
                };
            };
        };
    };
    "intel.listChanges": {
        parameters: {
            query?: {
                since?: number;
                kind?: "work" | "redirect" | "rules";
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changes"];
                };
            };
        };
    };
    "intel.getFeed": {
        parameters: {
            query?: {
                since?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Feed"];
                };
            };
        };
    };
    "intel.getIdentity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IntelIdentity"];
                };
            };
        };
    };
    "intel.listNodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IntelNode"][];
                };
            };
        };
    };
    "intel.addNode": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    url: string;
                    public_key: string;
                    /**
                     * @default community
                     * @enum {string}
                     */
                    tier?: "official" | "trusted" | "community";
                    most_works?: number | null;
                    most_works_a_day?: number | null;
                    most_names?: number | null;
                    most_names_a_day?: number | null;
                    most_changes_a_day?: number | null;
                };
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IntelNode"];
                };
            };
        };
    };
    "intel.removeNode": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        ok: true;
                    };
                };
            };
        };
    };
    "intel.saveNode": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    tier?: "official" | "trusted" | "community";
                    enabled?: boolean;
                    public_key?: string;
                    most_works?: number | null;
                    most_works_a_day?: number | null;
                    most_names?: number | null;
                    most_names_a_day?: number | null;
                    most_changes_a_day?: number | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IntelNode"];
                };
            };
        };
    };
    "intel.pullNode": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IntelNode"];
                };
            };
        };
    };
    "intel.resolveAlias": {
        parameters: {
            query: {
                q: string;
            };
            header?: {
                authorization?: string;
                "x-client-token"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AliasAnswer"];
                };
            };
        };
    };
    "intel.searchAliases": {
        parameters: {
            query: {
                q: string;
                limit?: number;
                cursor?: string;
                type?: "movie" | "tv" | "anime" | "music" | "short_drama" | "ebook" | "audiobook" | "comic";
                year?: number;
            };
            header?: {
                authorization?: string;
                "x-client-token"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AliasSearch"];
                };
            };
        };
    };
    "intel.explainTitle": {
        parameters: {
            query: {
                q: string;
            };
            header?: {
                authorization?: string;
                "x-client-token"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Explanation"];
                };
            };
        };
    };
    "intel.resolveTitles": {
        parameters: {
            query?: never;
            header?: {
                authorization?: string;
                "x-client-token"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    titles: string[];
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResolvedTitles"];
                };
            };
        };
    };
    "intel.getIndexEntry": {
        parameters: {
            query?: never;
            header?: {
                authorization?: string;
                "x-client-token"?: string;
            };
            path: {
                release_key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IndexEntry"];
                };
            };
        };
    };
    "intel.getLatestRules": {
        parameters: {
            query?: {
                format?: "list" | "map";
            };
            header?: {
                authorization?: string;
                "x-client-token"?: string;
                "if-none-match"?: string;
                "x-client-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RulesPackage"];
                };
            };
        };
    };
    "intel.resolveAlias.get": {
        parameters: {
            query: {
                q: string;
            };
            header?: {
                authorization?: string;
            };
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AliasAnswer"];
                };
            };
        };
    };
    "intel.searchAliases.get": {
        parameters: {
            query: {
                q: string;
                limit?: number;
                cursor?: string;
                type?: "movie" | "tv" | "anime" | "music" | "short_drama" | "ebook" | "audiobook" | "comic";
                year?: number;
            };
            header?: {
                authorization?: string;
            };
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AliasSearch"];
                };
            };
        };
    };
    "intel.explainTitle.get": {
        parameters: {
            query: {
                q: string;
            };
            header?: {
                authorization?: string;
            };
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Explanation"];
                };
            };
        };
    };
    "intel.resolveTitles.post": {
        parameters: {
            query?: never;
            header?: {
                authorization?: string;
            };
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    titles: string[];
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResolvedTitles"];
                };
            };
        };
    };
    "intel.getIndexEntry.get": {
        parameters: {
            query?: never;
            header?: {
                authorization?: string;
            };
            path: {
                token: string;
                release_key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IndexEntry"];
                };
            };
        };
    };
    "intel.getLatestRules.get": {
        parameters: {
            query?: {
                format?: "list" | "map";
            };
            header?: {
                authorization?: string;
                "if-none-match"?: string;
                "x-client-id"?: string;
            };
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RulesPackage"];
                };
            };
        };
    };
    "intel.getSnapshotFile": {
        parameters: {
            query?: never;
            header?: {
                "if-none-match"?: string;
                range?: string;
                "if-range"?: string;
            };
            path: {
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SnapshotFileAnswer"];
                };
            };
        };
    };
    "intel.getSnapshots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Snapshots"];
                };
            };
        };
    };
    "intel.findDelta": {
        parameters: {
            query: {
                kind: "alias" | "index" | "rules" | "recent" | "works";
                from: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeltaPlace"];
                };
            };
        };
    };
    "intel.buildSnapshot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SnapshotBuild"];
                };
            };
        };
    };
    "intel.listSnapshotBuilds": {
        parameters: {
            query?: {
                skip?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SnapshotBuild"][];
                };
            };
        };
    };
    "mesh.registerWorker": {
        parameters: {
            query?: never;
            header?: {
                "x-network-key"?: string | null;
                authorization?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    node_id: string;
                    capabilities: {
                        [key: string]: unknown;
                    };
                    client_version?: string | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        ok: true;
                        heartbeat_interval_s: number;
                        lease_ttl_s: number;
                        session: string;
                    };
                };
            };
        };
    };
    "mesh.enrolWorker": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    node_id: string;
                    capabilities: {
                        [key: string]: unknown;
                    };
                    registration_token: string;
                    client_version?: string | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkerSecret"];
                };
            };
        };
    };
    "mesh.issueWorkerToken": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    node_id: string;
                    secret: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        access_token: string;
                        /** @constant */
                        token_type: "bearer";
                        expires_in: number;
                    };
                };
            };
        };
    };
    "mesh.rotateWorkerSecret": {
        parameters: {
            query?: never;
            header?: {
                "x-network-key"?: string | null;
                authorization?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    node_id: string;
                    secret: string;
                    revoke_old?: boolean;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        node_id: string;
                        secret: string;
                        /** Format: date-time */
                        old_secret_until: string;
                    };
                };
            };
        };
    };
    "mesh.heartbeat": {
        parameters: {
            query?: never;
            header?: {
                "x-network-key"?: string | null;
                authorization?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    node_id: string;
                    lease_tokens?: string[] | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Heartbeat"];
                };
            };
        };
    };
    "mesh.leaveWorker": {
        parameters: {
            query?: never;
            header?: {
                "x-network-key"?: string | null;
                authorization?: string | null;
            };
            path: {
                node_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        ok: true;
                        released: number;
                    };
                };
            };
        };
    };
    "mesh.leaseJobs": {
        parameters: {
            query?: never;
            header?: {
                "x-network-key"?: string | null;
                authorization?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    node_id: string;
                    want_sites?: string[] | null;
                    max_jobs?: number;
                    wait_s?: number;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lease"];
                };
            };
        };
    };
    "mesh.finishJob": {
        parameters: {
            query?: never;
            header?: {
                "x-network-key"?: string | null;
                authorization?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    job_id: number;
                    node_id: string;
                    success: boolean;
                    error_message?: string | null;
                    new_cursor_value?: string | null;
                    lease_token?: string | null;
                    cursor_name?: string;
                    cursor_version?: number | null;
                    stats?: {
                        status?: number | null;
                        retry_after_s?: number | null;
                        pages?: number | null;
                        items?: number | null;
                    } | null;
                    retryable?: boolean;
                    retry_after_s?: number | null;
                    /** @default null */
                    observations?: unknown[] | null;
                    then_lease?: {
                        want_sites?: string[] | null;
                        max_jobs?: number;
                        wait_s?: number;
                    } | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Finished"];
                };
            };
        };
    };
    "mesh.renewLease": {
        parameters: {
            query?: never;
            header?: {
                "x-network-key"?: string | null;
                authorization?: string | null;
            };
            path: {
                job_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    node_id: string;
                    lease_token: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        ok: true;
                        /** Format: date-time */
                        lease_expires_at: string;
                        lease_ttl_s: number;
                    };
                };
            };
        };
    };
    "mesh.releaseLease": {
        parameters: {
            query?: never;
            header?: {
                "x-network-key"?: string | null;
                authorization?: string | null;
            };
            path: {
                job_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    node_id: string;
                    lease_token: string;
                    stats?: {
                        status?: number | null;
                        retry_after_s?: number | null;
                        pages?: number | null;
                        items?: number | null;
                    } | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        ok: true;
                    };
                };
            };
        };
    };
    "mesh.reportProgress": {
        parameters: {
            query?: never;
            header?: {
                "x-network-key"?: string | null;
                authorization?: string | null;
            };
            path: {
                job_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    node_id: string;
                    lease_token: string;
                    cursor_name?: string;
                    cursor_version?: number | null;
                    cursor_value: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        ok: true;
                        /** Format: date-time */
                        lease_expires_at: string;
                        lease_ttl_s: number;
                        cursor_version: number | null;
                    };
                };
            };
        };
    };
    "mesh.listJobs": {
        parameters: {
            query?: {
                site_id?: string | null;
                state?: ("pending" | "leased" | "done" | "dead" | "cancelled") | null;
                after?: number | null;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["MeshJob"][];
                        next: number | null;
                    };
                };
            };
        };
    };
    "mesh.createJobs": {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    site_id: string;
                    /**
                     * @default full
                     * @enum {string}
                     */
                    kind?: "full" | "incremental" | "hr" | "inbox" | "rss" | "detail";
                    payload?: {
                        [key: string]: unknown;
                    };
                    priority?: number;
                    /** @default null */
                    not_before?: string | null;
                    /** @default null */
                    deadline?: string | null;
                    dedup_key?: string | null;
                    max_attempts?: number;
                    partition?: {
                        page_from: number;
                        page_to: number;
                    } | null;
                } | {
                    site_id: string;
                    /**
                     * @default full
                     * @enum {string}
                     */
                    kind?: "full" | "incremental" | "hr" | "inbox" | "rss" | "detail";
                    payload?: {
                        [key: string]: unknown;
                    };
                    priority?: number;
                    /** @default null */
                    not_before?: string | null;
                    /** @default null */
                    deadline?: string | null;
                    dedup_key?: string | null;
                    max_attempts?: number;
                    partition?: {
                        page_from: number;
                        page_to: number;
                    } | null;
                }[];
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        jobs: {
                            id: number;
                            site_id: string;
                            created: boolean;
                        }[];
                    };
                };
            };
        };
    };
    "mesh.getJob": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeshJobWithHistory"];
                };
            };
        };
    };
    "mesh.cancelJob": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeshJob"];
                };
            };
        };
    };
    "mesh.listDeadLetters": {
        parameters: {
            query?: {
                after?: number | null;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            id: number;
                            site_id: string;
                            kind: string;
                            /** @enum {string} */
                            state: "pending" | "leased" | "done" | "dead" | "cancelled";
                            priority: number;
                            /** Format: date-time */
                            not_before: string;
                            deadline: string | null;
                            dedup_key: string | null;
                            attempts: number;
                            max_attempts: number;
                            every_s: number | null;
                            plan_id: number | null;
                            payload: {
                                [key: string]: unknown;
                            };
                            outcome: string | null;
                            last_error: string | null;
                            leased_by: string | null;
                            /** Format: date-time */
                            created_at: string;
                            finished_at: string | null;
                            history: {
                                epoch: number;
                                node_id: string | null;
                                outcome: string;
                                error: string | null;
                                leased_at: string | null;
                                /** Format: date-time */
                                ended_at: string;
                            }[];
                        }[];
                        next: number | null;
                    };
                };
            };
        };
    };
    "mesh.requeueJob": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeshJob"];
                };
            };
        };
    };
    "mesh.discardJob": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeshJob"];
                };
            };
        };
    };
    "mesh.createPlan": {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    site_id: string;
                    /**
                     * @default full
                     * @enum {string}
                     */
                    kind?: "full" | "incremental" | "hr" | "inbox" | "rss" | "detail";
                    /** @enum {string} */
                    by: "pages" | "time";
                    from: number;
                    to: number;
                    size: number;
                    payload?: {
                        [key: string]: unknown;
                    };
                    priority?: number;
                    max_attempts?: number;
                };
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: number;
                        parts: number;
                    };
                };
            };
        };
    };
    "mesh.getPlan": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                plan_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeshPlan"];
                };
            };
        };
    };
    "mesh.listSites": {
        parameters: {
            query?: {
                after?: string | null;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["MeshSite"][];
                        next: string | null;
                    };
                };
            };
        };
    };
    "mesh.putSites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    sites: {
                        site_id: string;
                        aliases?: string[];
                        group?: string;
                        streams?: number;
                        min_interval_ms?: number;
                        per_hour?: number | null;
                        per_day?: number | null;
                        max_workers?: number;
                        requires?: string[];
                        family?: string | null;
                        quiet_hours?: {
                            from: string;
                            to: string;
                            offset_minutes?: number;
                        }[];
                        paused?: boolean;
                        crawls?: {
                            /**
                             * @default incremental
                             * @enum {string}
                             */
                            kind?: "full" | "incremental" | "hr" | "inbox" | "rss" | "detail";
                            every_s: number;
                            payload?: {
                                [key: string]: unknown;
                            };
                            priority?: number;
                        }[];
                    }[];
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["MeshSite"][];
                    };
                };
            };
        };
    };
    "mesh.getSite": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                site_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeshSite"];
                };
            };
        };
    };
    "mesh.putSite": {
        parameters: {
            query?: never;
            header?: {
                "if-match"?: string | null;
            };
            path: {
                site_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    aliases?: string[];
                    group?: string;
                    streams?: number;
                    min_interval_ms?: number;
                    per_hour?: number | null;
                    per_day?: number | null;
                    max_workers?: number;
                    requires?: string[];
                    family?: string | null;
                    quiet_hours?: {
                        from: string;
                        to: string;
                        offset_minutes?: number;
                    }[];
                    paused?: boolean;
                    crawls?: {
                        /**
                         * @default incremental
                         * @enum {string}
                         */
                        kind?: "full" | "incremental" | "hr" | "inbox" | "rss" | "detail";
                        every_s: number;
                        payload?: {
                            [key: string]: unknown;
                        };
                        priority?: number;
                    }[];
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeshSite"];
                };
            };
        };
    };
    "mesh.blockSite": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                site_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @default null */
                    until?: string | null;
                    reason?: string | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeshSite"];
                };
            };
        };
    };
    "mesh.unblockSite": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                site_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeshSite"];
                };
            };
        };
    };
    "mesh.explainSite": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                site_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SiteExplanation"];
                };
            };
        };
    };
    "mesh.listCursors": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                site_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["MeshCursor"][];
                    };
                };
            };
        };
    };
    "mesh.getCursor": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                site_id: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeshCursor"];
                };
            };
        };
    };
    "mesh.putCursor": {
        parameters: {
            query?: never;
            header?: {
                "if-match"?: string | null;
            };
            path: {
                site_id: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    value?: string | null;
                    /** @enum {string} */
                    order?: "opaque" | "integer" | "time";
                    reset?: boolean;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeshCursor"];
                };
            };
        };
    };
    "mesh.getCursorHistory": {
        parameters: {
            query?: {
                before?: number | null;
                limit?: number;
            };
            header?: never;
            path: {
                site_id: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            version: number;
                            value: string | null;
                            cause: string;
                            epoch: number | null;
                            node_id: string | null;
                            /** Format: date-time */
                            moved_at: string;
                        }[];
                        next: number | null;
                    };
                };
            };
        };
    };
    "mesh.rollBackCursor": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                site_id: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    to_version: number;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeshCursor"];
                };
            };
        };
    };
    "mesh.listWorkers": {
        parameters: {
            query?: {
                after?: number | null;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["MeshWorker"][];
                        next: number | null;
                    };
                };
            };
        };
    };
    "mesh.changeWorker": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    state?: "active" | "draining" | "revoked";
                    sites?: string[] | null;
                    quota?: number;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeshWorker"];
                };
            };
        };
    };
    "mesh.stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeshStats"];
                };
            };
        };
    };
    "mesh.events": {
        parameters: {
            query?: {
                after?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events, for as long as they are read */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": unknown;
                };
            };
        };
    };
    "mesh.listKeys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["MeshKey"][];
                    };
                };
            };
        };
    };
    "mesh.createKey": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    kind: "network" | "registration" | "signing";
                    name?: string;
                    sites?: string[] | null;
                    uses?: number | null;
                    valid_until?: string | null;
                    overlap_s?: number;
                };
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeshKeyWithSecret"];
                };
            };
        };
    };
    "mesh.revokeKey": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                key_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeshKey"];
                };
            };
        };
    };
    "mesh.listAudit": {
        parameters: {
            query?: {
                after?: number | null;
                limit?: number;
                actor?: string | null;
                act?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            id: number;
                            /** Format: date-time */
                            at: string;
                            actor: string;
                            act: string;
                            subject: string | null;
                            epoch: number | null;
                            details: unknown;
                        }[];
                        next: number | null;
                    };
                };
            };
        };
    };
    "mesh.sweepLeases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ended: number;
                    };
                };
            };
        };
    };
    "mesh.listPeers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        cluster: string;
                        url: string | null;
                        public_key: string;
                        peers: {
                            name: string;
                            url: string;
                            sites: number;
                            followed_at: string | null;
                        }[];
                    };
                };
            };
        };
    };
    "mesh.listClaims": {
        parameters: {
            query?: {
                after?: string | null;
                limit?: number;
            };
            header?: {
                "x-mesh-peer"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        signed: string;
                        signature: string;
                    };
                };
            };
        };
    };
    "mesh.claimSite": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    site_id: string;
                    cluster: string;
                    url: string;
                    expected_epoch: number;
                    epoch?: number | null;
                    drain_s?: number | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        site_id: string;
                        owner: string;
                        url: string | null;
                        epoch: number;
                    };
                };
            };
        };
    };
}
